import { mkdir, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { createChild } from '../../../src/machine/clone/child.ts'
import { openMold } from '../../../src/machine/clone/copy.ts'
import { readTemplate } from '../../../src/machine/clone/template.ts'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../../../src/machine/disk/mend.ts'
import { useDirectory } from '../../support/disks.ts'
import { createVmdk, hasPattern, manifest, traces, virtualSize, writePattern } from '../../support/qemu.ts'
import { makeTemplate } from '../../support/template.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)

beforeEach(async () => {
  for (const name of ['.work', 'node1', 'node2']) await mkdir(at('vms', name), { recursive: true })
})

/** What libvmdk, which shares nothing with qemu, says of a disk. */
async function vmdkinfo(path: string): Promise<string> {
  return (await execa('vmdkinfo', [path])).stdout
}

/** One linked clone as a batch makes it: a child is made, written, mended, and copied under the clone's name. */
async function linkedClone(vmxPath: string, name: string) {
  const { template } = await readTemplate(vmxPath, 'linked')
  const mold = at('vms', '.work', 'mold.vmdk')
  const child = await createChild(template.disks[0]?.chain ?? never(), mold)
  const original = await originalDescriptor(mold)
  await writePattern(mold, 0x41, '1M')
  await mendDescriptor(mold, original)
  const made = await openMold(child.leaf)
  const path = at('vms', name, `${name}.vmdk`)
  return { template, child, copy: await made.copy(path, { how: 'copy' }), path, mold: made }
}

function never(): never {
  throw new Error('no disk')
}

describe.each([
  ['monolithicSparse', 'monolithicSparse'],
  ['twoGbMaxExtentSparse', 'twoGbMaxExtentSparse'],
  ['monolithicFlat', 'monolithicSparse'],
  ['twoGbMaxExtentFlat', 'twoGbMaxExtentSparse'],
])('a linked clone of a disk of type %s', (subformat, childType) => {
  test('is accepted by qemu, libvmdk and our own reader', async () => {
    const vmx = await makeTemplate(at('vms', 'base'), { subformat, size: '5G' })
    const before = await traces(at('vms', 'base'))
    const { path, copy, child } = await linkedClone(vmx, 'node1')

    await execa('qemu-img', ['check', '-q', '-f', 'vmdk', path])
    expect(await hasPattern(path, 0x50, '2M')).toBe(true)
    expect(await hasPattern(path, 0x41, '1M')).toBe(true)
    expect(await virtualSize(path)).toBe(5 * 2 ** 30)
    const { leaf, parents, directPath } = await readChain(path)
    expect(leaf).toMatchObject({
      createType: childType,
      cid: copy.contentId,
      parentHints: ['../base/base.vmdk'],
    })
    expect(parents.map((link) => basename(link.descriptorPath))).toEqual(['base.vmdk'])
    expect(directPath).toBe(path)
    expect(copy.contentId).not.toBe(child.leaf.cid)
    expect([...copy.files.values()].sort()).toEqual([...leaf.files].sort())

    const document = DescriptorDocument.parse(await originalDescriptor(path))
    expect(document.get('CID')).toMatch(/^[0-9a-f]{8}$/)
    expect(document.get('ddb.longContentID')?.slice(-8)).toBe(document.get('CID'))
    expect(document.get('ddb.adapterType')).toBe('lsilogic')
    expect(document.get('ddb.virtualHWVersion')).toBe('18')
    const said = await vmdkinfo(path)
    expect(said).toMatch(new RegExp(`Content identifier:\\s+0x${copy.contentId}`))
    expect(said).toMatch(/Parent filename:\s+\.\.\/base\/base\.vmdk/)
    expect(said).toMatch(/Media size:\s+5\.0 GiB/)
    expect(await traces(at('vms', 'base'))).toEqual(before)
  })
})

test('follows when its directory and the template’s are moved together', async () => {
  const vmx = await makeTemplate(at('vms', 'base'), { subformat: 'twoGbMaxExtentSparse' })
  await linkedClone(vmx, 'node1')
  await rename(at('vms'), at('elsewhere'))
  const path = at('elsewhere', 'node1', 'node1.vmdk')
  expect(await hasPattern(path, 0x50, '2M')).toBe(true)
  expect((await readChain(path)).parents[0]?.descriptorPath).toBe(at('elsewhere', 'base', 'base.vmdk'))
})

test('two copies of one mold do not know of each other', async () => {
  const vmx = await makeTemplate(at('vms', 'base'))
  const { mold, path } = await linkedClone(vmx, 'node1')
  const other = at('vms', 'node2', 'node2.vmdk')
  await mold.copy(other, { how: 'reflink' })
  await writePattern(other, 0x42, '1M')
  expect(await hasPattern(path, 0x41, '1M')).toBe(true)
  expect(await hasPattern(other, 0x42, '1M')).toBe(true)
  expect((await readFile(other, 'latin1')).slice(512, 10752)).toContain('SPARSE "node2.vmdk"')
})

test('names with blanks, quotes of one kind and other scripts', async () => {
  const vmx = await makeTemplate(at('vms', "Bob's 64 位"), { name: 'ü b', disks: ['ü b.vmdk'] })
  const { path } = await linkedClone(vmx, 'node1')
  expect(await hasPattern(path, 0x50, '2M')).toBe(true)
  expect((await readChain(path)).directPath).toBe(path)
  expect(await vmdkinfo(path)).toContain("../Bob's 64 位/ü b.vmdk")
})

test('a double quote in the template’s path is refused before anything is made', async () => {
  const vmx = await makeTemplate(at('vms', 'a"b'))
  await expect(linkedClone(vmx, 'node1')).rejects.toMatchObject({ code: 'NAME_UNUSABLE', exit: 2 })
  expect(await manifest(at('vms', '.work'))).toEqual({})
})

test('a parent that changes meanwhile is found out', async () => {
  const vmx = await makeTemplate(at('vms', 'base'))
  const { template } = await readTemplate(vmx, 'linked')
  const chain = template.disks[0]?.chain ?? never()
  await writePattern(chain.leaf.descriptorPath, 0x99, '3M')
  await expect(createChild(chain, at('vms', '.work', 'mold.vmdk'))).rejects.toMatchObject({
    code: 'DISK_PARENT_MISMATCH',
  })
})

test('a template whose leaf has children already is read, and one whose disk is compressed is for full clones', async () => {
  const vmx = await makeTemplate(at('vms', 'base'))
  await execa('qemu-img', [
    'create',
    '-q',
    '-f',
    'vmdk',
    '-F',
    'vmdk',
    '-b',
    'base.vmdk',
    at('vms', 'base', 'x.vmdk'),
  ])
  await expect(readTemplate(vmx, 'linked')).resolves.toBeDefined()
  await createVmdk(at('vms', 'base', 'base.vmdk'), 'subformat=streamOptimized')
  await expect(readTemplate(vmx, 'linked')).rejects.toMatchObject({ code: 'DISK_TYPE_UNSUPPORTED' })
  await expect(readTemplate(vmx, 'full')).resolves.toBeDefined()
})
