import { chmod, link, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { fixture, put, sparseHeader, useDirectory } from '../../support/disks.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const FLAT = new Uint8Array(131072 * 512)

async function putDisk(name: string, extents: Record<string, string | Uint8Array>): Promise<string> {
  await put(directory(), { 'disk.vmdk': await fixture(name), ...extents })
  return at('disk.vmdk')
}

const half = sparseHeader(65536)
const SPLIT = { 'disk-s001.vmdk': half, 'disk-s002.vmdk': half }

describe('disks that can be written', () => {
  test.each([
    ['split-windows.vmdk', 'twoGbMaxExtentSparse', SPLIT, true],
    ['split-linux.vmdk', 'twoGbMaxExtentSparse', SPLIT, true],
    ['split-2gb.vmdk', '2GbMaxExtentSparse', SPLIT, false],
    ['flat.vmdk', 'monolithicFlat', { 'disk-flat.vmdk': FLAT }, true],
    ['flat-split.vmdk', 'twoGbMaxExtentFlat', { 'disk-f001.vmdk': FLAT, 'disk-f002.vmdk': FLAT }, true],
    ['vmfs.vmdk', 'vmfs', { 'disk-flat.vmdk': FLAT }, true],
    ['gbk.vmdk', 'twoGbMaxExtentSparse', { 'Ubuntu 64 位-s001.vmdk': sparseHeader(131072) }, false],
  ])('%s', async (name, createType, extents, direct) => {
    const path = await putDisk(name, extents)
    const chain = await readChain(path)
    expect(chain).toMatchObject({ parents: [], capacity: 64 << 20 })
    expect(chain.leaf).toMatchObject({ createType, cid: '2716c2af', parentCid: 'ffffffff', embedded: false })
    expect(chain.leaf.files).toEqual([path, ...Object.keys(extents).map((extent) => at(extent))])
    expect(chain.directPath).toBe(direct ? path : undefined)
  })

  test('an embedded descriptor names its extent as it was once called', async () => {
    const text = (await fixture('split-linux.vmdk'))
      .toString('latin1')
      .replace('twoGbMaxExtentSparse', 'monolithicSparse')
      .replace('RW 65536 SPARSE "disk-s001.vmdk"\n', '')
    await put(directory(), { 'renamed.vmdk': sparseHeader(65536, { descriptor: text }) })
    const { leaf, directPath } = await readChain(at('renamed.vmdk'))
    expect(leaf).toMatchObject({ embedded: true, files: [at('renamed.vmdk')], capacity: 32 << 20 })
    expect(directPath).toBe(at('renamed.vmdk'))
  })

  test('a descriptor in a place where qemu does not look for it', async () => {
    const text = (await fixture('split-linux.vmdk'))
      .toString('latin1')
      .replace('twoGbMaxExtentSparse', 'monolithicSparse')
      .replace('RW 65536 SPARSE "disk-s001.vmdk"\n', '')
    const bytes = sparseHeader(65536, { descriptor: '\0'.repeat(512) + text })
    bytes.writeBigUInt64LE(2n, 28)
    await put(directory(), { 'disk.vmdk': bytes })
    const { leaf, directPath } = await readChain(at('disk.vmdk'))
    expect(leaf.cid).toBe('2716c2af')
    expect(directPath).toBeUndefined()
  })

  test('changed block tracking is noted', async () => {
    const { leaf } = await readChain(await putDisk('vmfs-cbt.vmdk', { 'disk-flat.vmdk': FLAT }))
    expect(leaf.changeTracking).toBe(true)
  })
})

describe('disks that are refused', () => {
  test.each([
    ['stream-optimized', 'DISK_TYPE_UNSUPPORTED', /qemu-img convert -f vmdk -O vmdk/],
    ['se-sparse', 'DISK_TYPE_UNSUPPORTED', /qemu-img convert/],
    ['vmfs-sparse', 'DISK_TYPE_UNSUPPORTED', /qemu-img convert/],
    ['custom', 'DISK_TYPE_UNSUPPORTED', /vmware-vdiskmanager -r/],
    ['unknown-type', 'DISK_TYPE_UNSUPPORTED', /vmware-vdiskmanager -r/],
    ['no-type', 'DISK_MALFORMED', /./],
    ['full-device', 'DISK_RAW_DEVICE', /qemu-img convert -f raw/],
    ['partitioned-device', 'DISK_RAW_DEVICE', /./],
    ['rdm', 'DISK_RAW_DEVICE', /./],
    ['device-extent', 'DISK_RAW_DEVICE', /./],
    ['windows-device-extent', 'DISK_RAW_DEVICE', /./],
    ['rdm-extent', 'DISK_RAW_DEVICE', /./],
    ['zero-extent', 'DISK_EXTENT_UNSUPPORTED', /vmware-vdiskmanager -r/],
    ['rdonly-extent', 'DISK_EXTENT_UNSUPPORTED', /./],
    ['noaccess-extent', 'DISK_EXTENT_UNSUPPORTED', /./],
    ['extent-outside', 'DISK_OUTSIDE', /./],
    ['extent-above', 'DISK_OUTSIDE', /./],
    ['extent-is-itself', 'DISK_OUTSIDE', /./],
    ['extent-is-directory', 'DISK_OUTSIDE', /./],
    ['extent-missing', 'DISK_MISSING', /./],
    ['extent-twice', 'DISK_MALFORMED', /./],
    ['extent-unquoted', 'DISK_MALFORMED', /./],
    ['no-extents', 'DISK_MALFORMED', /./],
    ['no-cid', 'DISK_MALFORMED', /./],
    ['parent-unnamed', 'DISK_MALFORMED', /./],
    ['parent-missing', 'DISK_MISSING', /fileSearchPath/],
    ['flat-too-short', 'DISK_TRUNCATED', /./],
    ['not-a-descriptor', 'DISK_MALFORMED', /./],
  ])('%s: %s', async (name, code, hint) => {
    await mkdir(at('vm'))
    await put(directory(), { 'outside.bin': FLAT })
    await put(at('vm'), {
      'disk.vmdk': await fixture(`refused/${name}.vmdk`),
      ...SPLIT,
      'disk-short.vmdk': new Uint8Array(512),
    })
    await expect(readChain(at('vm', 'disk.vmdk'))).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(hint),
    })
  })

  test('a symbolic link as extent that leads out of the directory', async () => {
    await mkdir(at('vm'))
    await put(directory(), { 'outside.bin': FLAT })
    await put(at('vm'), { 'disk.vmdk': await fixture('flat.vmdk') })
    await symlink('../outside.bin', at('vm', 'disk-flat.vmdk'))
    await expect(readChain(at('vm', 'disk.vmdk'))).rejects.toMatchObject({ code: 'DISK_OUTSIDE' })
  })

  test.each([
    ['compressed grains', sparseHeader(65536, { version: 3, flags: 0x30001 }), 'DISK_TYPE_UNSUPPORTED'],
    ['marked grains', sparseHeader(65536, { flags: 0x20001 }), 'DISK_TYPE_UNSUPPORTED'],
    [
      'grain directory at the end',
      sparseHeader(65536, { gdOffset: 2n ** 64n - 1n }),
      'DISK_TYPE_UNSUPPORTED',
    ],
    ['version 3', sparseHeader(65536, { version: 3 }), 'DISK_TYPE_UNSUPPORTED'],
    ['version 9', sparseHeader(65536, { version: 9 }), 'DISK_TYPE_UNSUPPORTED'],
    ['capacity 0, by which qemu would follow names in it', sparseHeader(0), 'DISK_MALFORMED'],
    ['another capacity', sparseHeader(65535), 'DISK_MALFORMED'],
    ['ESXi sparse', Buffer.from(`COWD${'\0'.repeat(508)}`), 'DISK_TYPE_UNSUPPORTED'],
    ['seSparse', Buffer.from(`\xbe\xba\xfe\xca${'\0'.repeat(508)}`, 'latin1'), 'DISK_TYPE_UNSUPPORTED'],
    ['nothing', new Uint8Array(), 'DISK_MALFORMED'],
  ])('an extent that holds %s', async (_, extent, code) => {
    const path = await putDisk('split-linux.vmdk', { ...SPLIT, 'disk-s002.vmdk': extent })
    await expect(readChain(path)).rejects.toMatchObject({ code })
  })

  test('an extent of a split disk in place of its descriptor', async () => {
    await putDisk('split-linux.vmdk', SPLIT)
    await expect(readChain(at('disk-s001.vmdk'))).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
  })

  test('an extent with a hard link', async () => {
    const path = await putDisk('split-linux.vmdk', SPLIT)
    await link(at('disk-s002.vmdk'), at('other'))
    await expect(readChain(path)).rejects.toMatchObject({ code: 'DISK_SHARED' })
  })

  test('a file that this user cannot write', async () => {
    const path = await putDisk('split-linux.vmdk', SPLIT)
    await chmod(directory(), 0o755)
    await chmod(at('disk-s002.vmdk'), 0o444)
    const user = process.geteuid?.() ?? 0
    if (user === 0) process.seteuid?.(65534)
    await expect(readChain(path))
      .rejects.toMatchObject({ code: 'DISK_NOT_ACCESSIBLE' })
      .finally(() => process.seteuid?.(user))
  })

  test.each(['0', '99999999999999999999'])('an extent of %s sectors', async (sectors) => {
    const text = (await fixture('split-linux.vmdk')).toString('latin1').replace('65536', sectors)
    await put(directory(), { 'disk.vmdk': text, ...SPLIT })
    await expect(readChain(at('disk.vmdk'))).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
  })

  test('an embedded descriptor that claims a gigabyte', async () => {
    const bytes = sparseHeader(131072, { descriptor: 'x' })
    bytes.writeBigUInt64LE(2n ** 21n, 36)
    await put(directory(), { 'disk.vmdk': bytes })
    await expect(readChain(at('disk.vmdk'))).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
  })

  test('a pipe, without waiting on it', async () => {
    await expect(readChain('/dev/null')).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
    await expect(readChain(directory())).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
    await expect(readChain(at('none'))).rejects.toMatchObject({ code: 'DISK_MISSING' })
    expect(await readdir(directory())).toEqual([])
  })
})
