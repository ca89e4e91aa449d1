import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { openMold } from '../../../src/machine/clone/copy.ts'
import { flatten } from '../../../src/machine/clone/flatten.ts'
import { readTemplate } from '../../../src/machine/clone/template.ts'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { originalDescriptor } from '../../../src/machine/disk/mend.ts'
import { openable } from '../../../src/machine/disk/shadow.ts'
import { createOverlay } from '../../../src/transaction/images.ts'
import { put, useDirectory } from '../../support/disks.ts'
import { createVmdk, hasPattern, traces, virtualSize, writePattern } from '../../support/qemu.ts'
import { makeTemplate } from '../../support/template.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)

beforeEach(async () => {
  for (const name of ['.work', 'node1']) await mkdir(at('vms', name), { recursive: true })
})

/** One full clone as a batch makes it: an overlay is edited and flattened, and the result copied under the clone's name. */
async function fullClone(vmxPath: string, memoryLimit?: number) {
  const { template } = await readTemplate(vmxPath, 'full')
  const chain = template.disks[0]?.chain
  if (chain === undefined) throw new Error('no disk')
  const { path: backing } = await openable(chain, at('vms', '.work'))
  const overlay = at('vms', '.work', 'overlay.qcow2')
  await createOverlay(overlay, backing)
  await writePattern(overlay, 0x41, '1M', 'qcow2')
  const flat = await flatten({ path: overlay, format: 'qcow2' }, at('vms', '.work', 'mold.vmdk'), chain)
  const mold = await openMold(flat.leaf, memoryLimit)
  const path = at('vms', 'node1', 'node1.vmdk')
  return { flat, mold, path, copy: await mold.copy(path, { how: 'copy' }) }
}

async function document(path: string): Promise<DescriptorDocument> {
  return DescriptorDocument.parse(await originalDescriptor(path))
}

async function allocated(paths: readonly string[]): Promise<number> {
  const states = await Promise.all(paths.map((path) => stat(path)))
  return states.reduce((sum, { blocks }) => sum + blocks * 512, 0)
}

describe('a full clone of a disk of type', () => {
  test.each([
    ['monolithicSparse', 'from memory', undefined],
    ['monolithicSparse', 'by the kernel', 0],
    ['twoGbMaxExtentSparse', 'from memory', undefined],
    ['twoGbMaxExtentSparse', 'by the kernel', 0],
    ['monolithicFlat', 'by the kernel', undefined],
    ['twoGbMaxExtentFlat', 'by the kernel', undefined],
  ])('%s, copied %s', async (subformat, way, memoryLimit) => {
    const vmx = await makeTemplate(at('vms', 'base'), { subformat, size: '5G' })
    const before = await traces(at('vms', 'base'))
    const { path, copy, flat, mold } = await fullClone(vmx, memoryLimit)
    expect(mold.held > 0).toBe(way === 'from memory')
    expect(copy.reflinked).toBe(false)

    if (/Sparse/.test(subformat)) await execa('qemu-img', ['check', '-q', '-f', 'vmdk', path])
    expect(await hasPattern(path, 0x50, '2M')).toBe(true)
    expect(await hasPattern(path, 0x41, '1M')).toBe(true)
    expect(await virtualSize(path)).toBe(5 * 2 ** 30)
    const { leaf, parents } = await readChain(path)
    expect(parents).toEqual([])
    expect(leaf).toMatchObject({ createType: subformat, cid: copy.contentId })
    expect(leaf.extents).toHaveLength(flat.leaf.extents.length)
    expect([...copy.files.values()].sort()).toEqual([...leaf.files].sort())
    expect(await allocated(leaf.files)).toBeLessThan(16 * 2 ** 20)
    const written = await document(path)
    expect(written.get('ddb.adapterType')).toBe('lsilogic')
    expect(written.get('ddb.virtualHWVersion')).toBe('18')
    const { stdout } = await execa('vmdkinfo', [path])
    expect(stdout).toMatch(/Media size:\s+5\.0 GiB/)
    expect(await traces(at('vms', 'base'))).toEqual(before)
  })
})

test('libvmdk reads the same data as qemu', async () => {
  const vmx = await makeTemplate(at('vms', 'base'), { subformat: 'twoGbMaxExtentSparse', size: '3G' })
  const { path } = await fullClone(vmx)
  await mkdir(at('mounted'))
  await execa('vmdkmount', [path, at('mounted')])
  try {
    const { stdout } = await execa(
      'dd',
      [`if=${at('mounted', 'vmdk1')}`, 'bs=1M', 'count=3', 'status=none'],
      {
        encoding: 'buffer',
      },
    )
    const bytes = Buffer.from(stdout)
    expect(bytes.subarray(1 << 20, (1 << 20) + 65536).every((byte) => byte === 0x41)).toBe(true)
    expect(bytes.subarray(2 << 20, (2 << 20) + 65536).every((byte) => byte === 0x50)).toBe(true)
  } finally {
    await execa('fusermount', ['-u', at('mounted')])
  }
})

test('a clone gets a ddb.uuid of its own where the template has one', async () => {
  const vmx = await makeTemplate(at('vms', 'base'), { subformat: 'monolithicFlat' })
  const uuid = '60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c'
  const text = await readFile(at('vms', 'base', 'base.vmdk'), 'latin1')
  await put(at('vms', 'base'), {
    'base.vmdk': `${text.replace('2147483647', '11333')}ddb.uuid = "${uuid}"\n`,
  })
  const { path, mold } = await fullClone(vmx)
  await mold.copy(at('vms', 'node1', 'again.vmdk'), { how: 'copy' })
  const disks = [at('vms', '.work', 'mold.vmdk'), path, at('vms', 'node1', 'again.vmdk')]
  const documents = await Promise.all(disks.map(document))
  const uuids = documents.map((one) => one.get('ddb.uuid'))
  for (const one of uuids)
    expect(one).toMatch(/^60 00 C2 9[0-9a-f]( [0-9a-f]{2}){4}-[0-9a-f]{2}( [0-9a-f]{2}){7}$/)
  expect(new Set([uuid, ...uuids]).size).toBe(4)
  expect(new Set(documents.map((one) => one.get('CID'))).size).toBe(3)
  expect(documents.map((one) => one.get('ddb.toolsVersion'))).toEqual(['11333', '11333', '11333'])
})

test('an ESXi disk stays of its type', async () => {
  const vmx = await makeTemplate(at('vms', 'base'), { subformat: 'monolithicFlat' })
  const text = await readFile(at('vms', 'base', 'base.vmdk'), 'latin1')
  const esxi = text.replace('monolithicFlat', 'vmfsThin').replace('FLAT', 'VMFS')
  await put(at('vms', 'base'), { 'base.vmdk': esxi })
  const { path } = await fullClone(vmx)
  const { leaf } = await readChain(path)
  expect(leaf.createType).toBe('vmfs')
  expect((await document(path)).extents).toMatchObject([{ type: 'VMFS', name: 'node1-flat.vmdk', offset: 0 }])
  expect(await hasPattern(path, 0x50, '2M')).toBe(true)
})

test('a compressed template becomes clones that can be written', async () => {
  const vmx = await makeTemplate(at('vms', 'base'))
  await createVmdk(at('vms', 'base', 'base.vmdk'), 'subformat=streamOptimized')
  await writePattern(at('vms', 'base', 'base.vmdk'), 0x50, '2M')
  const { path } = await fullClone(vmx)
  expect((await readChain(path)).leaf.createType).toBe('monolithicSparse')
  expect(await hasPattern(path, 0x50, '2M')).toBe(true)
})

test('a copy never goes over a file that is there', async () => {
  const vmx = await makeTemplate(at('vms', 'base'))
  const { mold, path } = await fullClone(vmx)
  const before = await traces(at('vms', 'node1'))
  await expect(mold.copy(path, { how: 'copy' })).rejects.toMatchObject({ code: 'COPY_FAILED', exit: 4 })
  await expect(mold.copy(path, { how: 'reflink' })).rejects.toMatchObject({ code: 'COPY_FAILED' })
  expect(await traces(at('vms', 'node1'))).toEqual(before)
})
