import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CloneJson, run } from '../support/cli.ts'
import { readGuest } from '../support/disk.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { differences, directoryHashes, type Manifest } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

describe.each(['dhcp', 'static'] as const)('the files of a %s guest before and after', (addressing) => {
  const scratch = scratchDirectory()
  let clone: CloneJson
  let template: string
  let directory: string
  let before: Manifest
  let after: Manifest

  beforeAll(async () => {
    template = (await buildGuest(addressing)).template
    directory = join(scratch, 'clone')
    const vmx = await copyVm(template, directory)
    clone = (await run([vmx, '--ip', '192.168.8.12/24', '--gateway', '192.168.8.1', '--hostname', 'node2']))
      .clone
    before = (await readGuest(join(template, 'template.vmdk'), scratch)).manifest
    after = (await readGuest(join(directory, 'template.vmdk'), scratch)).manifest
  })

  test('the manifest is whole', () => {
    expect(before.size).toBeGreaterThan(5000)
    expect(before.get('/etc/shadow')).toMatch(/^100640 0 42 /)
  })

  test('in the guest, the planned paths differ, and no others', () => {
    const planned = clone.changes.filter(({ at }) => at === 'guest').map(({ path }) => path)
    const differing = differences(before, after)
    const isPlanned = (path: string) => planned.some((plan) => path === plan || path.startsWith(`${plan}/`))
    expect(differing.filter((path) => !isPlanned(path))).toEqual([])
    expect(planned.filter((path) => !differing.includes(path))).toEqual([])
    expect(differing).toEqual(expect.arrayContaining(EXPECTED))
  })

  test('mode, owner and extended attributes of what was rewritten are as before', () => {
    const attributes = (entry = '') => {
      const [mode, uid, gid, _size, ...more] = entry.split(' ')
      return [mode, uid, gid, ...more.slice(0, -1)].join(' ')
    }
    for (const path of differences(before, after))
      if (before.has(path) && after.has(path))
        expect([path, attributes(after.get(path))]).toEqual([path, attributes(before.get(path))])
  })

  test('beside the guest, only the .vmx, the .vmxf and the disk differ', async () => {
    const changed = differences(await directoryHashes(template), await directoryHashes(directory))
    const own = changed.filter((path) => !path.startsWith('.vmclone-fix/'))
    expect(own).toEqual(['template-s001.vmdk', 'template.vmdk', 'template.vmx', 'template.vmxf'])
  })
})

const EXPECTED = [
  '/etc/hostname',
  '/etc/hosts',
  '/etc/machine-id',
  '/etc/network/interfaces',
  '/etc/ssh/ssh_host_ecdsa_key',
  '/etc/ssh/ssh_host_ecdsa_key.pub',
  '/etc/ssh/ssh_host_ed25519_key',
  '/etc/ssh/ssh_host_ed25519_key.pub',
  '/etc/ssh/ssh_host_rsa_key',
  '/etc/ssh/ssh_host_rsa_key.pub',
]
