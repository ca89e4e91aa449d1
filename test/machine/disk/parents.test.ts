import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { searchDirectories } from '../../../src/machine/disk/parents.ts'
import { put, sparseHeader, splitDescriptor, useDirectory } from '../../support/disks.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const extent = sparseHeader(131072)

const putChild = (hint: string, parentCid = '11111111') =>
  put(at('vm'), {
    'child.vmdk': splitDescriptor('child-s001.vmdk', { cid: '22222222', parentCid, hint }),
    'child-s001.vmdk': extent,
  })
const putBase = (where: string, cid = '11111111') =>
  put(where, { 'base.vmdk': splitDescriptor('base-s001.vmdk', { cid }), 'base-s001.vmdk': extent })

beforeEach(async () => {
  for (const name of ['vm', 'template', 'elsewhere']) await mkdir(at(name))
})

describe('a parent is found', () => {
  test.each([
    ['by a relative hint', () => '../template/base.vmdk', true],
    ['by an absolute hint', () => at('template', 'base.vmdk'), true],
    ['by a relative Windows hint', () => '..\\template\\base.vmdk', false],
  ])('%s', async (_, hint, direct) => {
    await putBase(at('template'))
    await putChild(hint())
    const chain = await readChain(at('vm', 'child.vmdk'))
    expect(chain.parents.map((link) => link.descriptorPath)).toEqual([at('template', 'base.vmdk')])
    expect(chain.directPath !== undefined).toBe(direct)
  })

  test.each([
    ['beside the child', 'vm', {}],
    ['in fileSearchPath', 'template', { search: '.;../template' }],
    ['where the map leads', 'template', { map: { 'd:\\VMS': 'template' } }],
  ])('by a Windows hint, %s', async (_, where, { search, map = {} }: { search?: string; map?: object }) => {
    await putBase(at(where))
    await putChild('D:\\VMs\\base.vmdk')
    const directoryMap = Object.fromEntries(Object.entries(map).map(([from, to]) => [from, at(to as string)]))
    const chain = await readChain(at('vm', 'child.vmdk'), {
      fileSearchPath: searchDirectories(search ?? '', at('vm')),
      directoryMap,
    })
    expect(chain.parents[0]?.descriptorPath).toBe(at(where, 'base.vmdk'))
    expect(chain.directPath).toBeUndefined()
  })

  test('by its content id where there are two of its name', async () => {
    await putBase(at('vm'), '33333333')
    await putBase(at('template'))
    await putChild('D:\\VMs\\base.vmdk')
    const chain = await readChain(at('vm', 'child.vmdk'), { fileSearchPath: [at('template')] })
    expect(chain.parents[0]?.descriptorPath).toBe(at('template', 'base.vmdk'))
  })

  test('elsewhere than where qemu would look', async () => {
    await putBase(at('vm'), '33333333')
    await putBase(at('template'))
    await putChild('base.vmdk')
    const chain = await readChain(at('vm', 'child.vmdk'), { fileSearchPath: [at('template')] })
    expect(chain.parents[0]?.descriptorPath).toBe(at('template', 'base.vmdk'))
    expect(chain.directPath).toBeUndefined()
  })

  test('through a symbolic link, beside which qemu would look for its extents', async () => {
    await putBase(at('template'))
    await putChild('base.vmdk')
    await symlink('../template/base.vmdk', at('vm', 'base.vmdk'))
    const chain = await readChain(at('vm', 'child.vmdk'))
    expect(chain.parents[0]?.descriptorPath).toBe(at('template', 'base.vmdk'))
    expect(chain.directPath).toBeUndefined()
  })
})

test('fileSearchPath is read entry by entry, those of another host by the map or not at all', () => {
  const map = { 'D:\\VMs': '/srv/vms' }
  expect(searchDirectories('.;../base; /abs ;;D:\\VMs\\Base;E:\\other', '/vm', map)).toEqual([
    '/vm',
    '/base',
    '/abs',
    '/srv/vms/Base',
  ])
})

describe('a chain is refused', () => {
  test('whose parent was changed', async () => {
    await putBase(at('template'), '33333333')
    await putChild('../template/base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({
      code: 'DISK_PARENT_MISMATCH',
      message: expect.stringMatching(/11111111.*33333333/),
    })
  })

  test('whose parent has another capacity', async () => {
    const text = splitDescriptor('base-s001.vmdk').replace('131072', '65536')
    await put(at('template'), { 'base.vmdk': text, 'base-s001.vmdk': sparseHeader(65536) })
    await putChild('../template/base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({ code: 'DISK_PARENT_MISMATCH' })
  })

  test('whose parent is no VMDK', async () => {
    await put(at('template'), { 'base.vmdk': 'root:x:0:0' })
    await putChild('../template/base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
  })

  test('whose parent has an extent outside of its own directory', async () => {
    await put(at('template'), { 'base.vmdk': splitDescriptor('../vm/child-s001.vmdk') })
    await putChild('../template/base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({ code: 'DISK_OUTSIDE' })
  })

  test('that comes back to itself', async () => {
    await put(at('template'), {
      'base.vmdk': splitDescriptor('base-s001.vmdk', { parentCid: '22222222', hint: '../vm/child.vmdk' }),
      'base-s001.vmdk': extent,
    })
    await putChild('../template/base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({ code: 'DISK_CHAIN_INVALID' })
  })

  test('whose parent has the leaf’s extent by another name', async () => {
    await put(at('vm'), { 'base.vmdk': splitDescriptor('base-s001.vmdk') })
    await symlink('child-s001.vmdk', at('vm', 'base-s001.vmdk'))
    await putChild('base.vmdk')
    await expect(readChain(at('vm', 'child.vmdk'))).rejects.toMatchObject({ code: 'DISK_CHAIN_INVALID' })
  })

  test('that is longer than 64 links', async () => {
    const cid = (index: number) => String(index).padStart(8, '0')
    for (let index = 0; index < 70; index++) {
      const link = { cid: cid(index), parentCid: cid(index + 1), hint: `${index + 1}.vmdk` }
      await put(at('vm'), {
        [`${index}.vmdk`]: splitDescriptor(`${index}-s001.vmdk`, link),
        [`${index}-s001.vmdk`]: extent.subarray(0, 512),
      })
    }
    await expect(readChain(at('vm', '0.vmdk'))).rejects.toMatchObject({ code: 'DISK_CHAIN_INVALID' })
  })
})

describe('a leaf is refused', () => {
  test.each([
    ['by name', 'base.vmdk', '99999999'],
    ['by absolute path', '', '99999999'],
    ['by a Windows path and its content id', 'D:\\VMs\\base.vmdk', '11111111'],
  ])('that is a parent %s', async (_, hint, parentCid) => {
    await putBase(at('vm'))
    await putChild(hint || at('vm', 'base.vmdk'), parentCid)
    await expect(readChain(at('vm', 'base.vmdk'))).rejects.toMatchObject({
      code: 'DISK_HAS_CHILDREN',
      message: expect.stringContaining('child.vmdk'),
    })
  })

  test('that an embedded descriptor names as parent', async () => {
    await putBase(at('vm'))
    const descriptor = splitDescriptor('snap.vmdk', { parentCid: '11111111', hint: 'base.vmdk' })
    await put(at('vm'), { 'snap.vmdk': sparseHeader(131072, { descriptor }) })
    await expect(readChain(at('vm', 'base.vmdk'))).rejects.toMatchObject({ code: 'DISK_HAS_CHILDREN' })
  })

  test('whose extent is another disk’s too', async () => {
    await putBase(at('vm'))
    await put(at('vm'), { 'copy.vmdk': splitDescriptor('base-s001.vmdk') })
    await expect(readChain(at('vm', 'base.vmdk'))).rejects.toMatchObject({ code: 'DISK_SHARED' })
  })

  test.each(['base.vmdk', 'D:\\VMs\\base.vmdk'])('that another .vmx uses as %s', async (fileName) => {
    await putBase(at('vm'))
    const vmx = `config.version = "8"\nvirtualHW.version = "18"\nscsi0:0.fileName = "${fileName}"\n`
    await put(at('vm'), { 'own.vmx': vmx, 'other.vmx': vmx })
    const vmxPath = at('vm', 'own.vmx')
    await expect(readChain(at('vm', 'base.vmdk'), { vmxPath })).rejects.toMatchObject({
      code: 'DISK_SHARED',
      message: expect.stringContaining('other.vmx'),
    })
  })

  test('that a .vmx in the directory above uses too', async () => {
    await putBase(at('vm'))
    await put(directory(), { 'own.vmx': '', 'other.vmx': 'scsi0:0.fileName = "vm/base.vmdk"\n' })
    const chain = readChain(at('vm', 'base.vmdk'), { vmxPath: at('own.vmx') })
    await expect(chain).rejects.toMatchObject({ code: 'DISK_SHARED' })
  })

  test('not because of its own .vmx, its own extents or a foreign child of the same name', async () => {
    await putBase(at('vm'))
    await putChild('D:\\VMs\\base.vmdk', '99999999')
    await put(at('vm'), { 'own.vmx': 'scsi0:0.fileName = "base.vmdk"\n', 'notes.vmx.bak': 'base.vmdk' })
    const chain = await readChain(at('vm', 'base.vmdk'), { vmxPath: at('vm', 'own.vmx') })
    expect(chain.directPath).toBe(at('vm', 'base.vmdk'))
  })
})
