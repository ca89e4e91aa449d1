import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readManifest, writeManifest } from '../../../src/workflow/batch/manifest.ts'
import type { Places } from '../../../src/workflow/batch/places.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const state = scratchDirectory()
const places = { state } as Places
const key = { template: '/base/base.vmx', clone: 'linked', rows: [] } as const
const MANIFEST = {
  seed: 's',
  hosts: 'h',
  hostname: { short: 'my_host', fqdn: 'my_host.lab' },
  state: {
    disks: { 'base.vmdk': { contentId: '0badc0de', files: { 'base.vmdk': [512, 1] as const } } },
    files: { 'base.vmx': '00' },
    locks: [],
  },
}

test('what was written is read', async () => {
  await mkdir(state, { recursive: true })
  await writeManifest(places, key, MANIFEST)
  expect(await readManifest(places, key)).toMatchObject(MANIFEST)
})

test.each([
  ['no state', { state: undefined }],
  ['null for a state', { state: null }],
  ['an empty state', { state: {} }],
  ['no files', { state: { ...MANIFEST.state, files: null } }],
  ['no locks', { state: { ...MANIFEST.state, locks: null } }],
  ['null for a disk', { state: { ...MANIFEST.state, disks: { 'base.vmdk': null } } }],
  ['no files of a disk', { state: { ...MANIFEST.state, disks: { 'base.vmdk': { contentId: 'x' } } } }],
  ['a text for a host name', { hostname: 'x' }],
  ['null for a host name', { hostname: null }],
  ['a host name of two lines', { hostname: { short: 'x\n10.0.0.1 y' } }],
])('one with %s counts as none', async (_what, wrong) => {
  await writeManifest(places, key, MANIFEST)
  const path = join(state, (await readdir(state))[0] as string)
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...wrong }))
  expect(await readManifest(places, key)).toBeUndefined()
})
