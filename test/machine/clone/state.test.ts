import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { brokenClones } from '../../../src/machine/clone/broken.ts'
import { changesOf, type TemplateState, templateState } from '../../../src/machine/clone/state.ts'
import { readTemplate } from '../../../src/machine/clone/template.ts'
import { put, sparseHeader, splitDescriptor, useDirectory } from '../../support/disks.ts'
import { templateVmx } from '../../support/template.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const base = (...names: string[]) => at('base', ...names)
const read = async () => (await readTemplate(base('base.vmx'), 'linked')).template
const kept = async () => JSON.parse(JSON.stringify(await templateState(await read()))) as TemplateState

beforeEach(async () => {
  await mkdir(base())
  await put(base(), {
    'base.vmx': templateVmx('base', ['base.vmdk']),
    'base.nvram': 'NVRAM',
    'base.vmdk': splitDescriptor('base-s001.vmdk'),
    'base-s001.vmdk': sparseHeader(131072),
  })
})

test('a template that nothing touched has not changed, at another place neither', async () => {
  const before = await kept()
  expect(changesOf(before, await kept())).toEqual([])
  await rename(base(), at('moved'))
  const { template } = await readTemplate(at('moved', 'base.vmx'), 'full')
  expect(changesOf(before, await templateState(template))).toEqual([])
})

const lock = (name: string, type: string) => async () => {
  await mkdir(base(name))
  await writeFile(base(name, 'M12345.lck'), `host 4242-9 3 ${type} 99 lc=7`.padEnd(512, '\0'))
}

test.each<[string, () => Promise<void>, RegExp[]]>([
  [
    'a start, by the content id',
    () => writeFile(base('base.vmdk'), splitDescriptor('base-s001.vmdk', { cid: '99999999' })),
    [/base\.vmdk was written, as by a start .* 99999999, it was 11111111/],
  ],
  [
    'data written around the descriptor',
    () => utimes(base('base-s001.vmdk'), 1, 1),
    [/^base-s001\.vmdk was written$/],
  ],
  ['a lost disk', () => rm(base('base.vmdk')), [/base\.vmdk is not there/]],
  ['another .vmx', () => writeFile(base('base.vmx'), 'x'), [/^base\.vmx was changed$/]],
  ['other boot entries', () => writeFile(base('base.nvram'), 'x'), [/^base\.nvram was changed$/]],
  ['a lock of the VM', lock('base.vmx.lck', 'X'), [/^base\.vmx\.lck has appeared/]],
  ['a disk opened for writing', lock('base.vmdk.lck', 'X'), [/^base\.vmdk\.lck has appeared/]],
  ['no change: a linked clone runs', lock('base.vmdk.lck', 'S'), []],
])('%s', async (_, change, expected) => {
  const template = await read()
  const before = await kept()
  await change()
  const changes = changesOf(before, await templateState(template))
  expect(changes).toHaveLength(expected.length)
  for (const [i, pattern] of expected.entries()) expect(changes[i]).toMatch(pattern)
})

test('a running template is refused, one whose clones run is not', async () => {
  await lock('base.vmdk.lck', 'S')()
  await expect(read()).resolves.toBeDefined()
  await writeFile(base('base.vmdk.lck', 'M00001.lck'), 'host 4243-9 4 X 99 lc=7')
  await expect(read()).rejects.toMatchObject({ code: 'VM_LOCKED' })
})

test('linked clones that no longer fit are found, and only those', async () => {
  const child = (cid: string, hint: string) => splitDescriptor('x-s001.vmdk', { parentCid: cid, hint })
  for (const name of ['fits', 'broken', 'other', '.work']) await mkdir(at(name))
  await put(at('fits'), { 'fits.vmdk': child('11111111', '../base/base.vmdk'), 'x.txt': '' })
  await put(at('broken'), {
    'x-s001.vmdk': child('abc', base('base.vmdk')),
    'a-s001.vmdk': sparseHeader(131072),
  })
  await put(at('other'), { 'other.vmdk': child('22222222', '../gone/base.vmdk') })
  await put(at('.work'), { 'mold.vmdk': child('22222222', '../base/base.vmdk') })
  const found = { parent: base('base.vmdk'), found: '11111111' }
  expect(await brokenClones(directory(), await read())).toEqual([
    { ...found, disk: at('broken', 'x-s001.vmdk'), expected: '00000abc' },
  ])
})
