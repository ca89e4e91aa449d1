import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { journalsData, stampableBlockSize } from '../../src/guest/storage/superblock.ts'
import { scratchDirectory } from '../support/scratch.ts'

const scratch = scratchDirectory()

/** The first bytes of a file system that mkfs makes with these arguments. */
async function headOf(tool: string, ...args: string[]): Promise<Uint8Array> {
  const path = join(scratch, 'fs.raw')
  await execa('rm', ['-f', path])
  await execa('truncate', ['-s', '320M', path])
  await execa(`/usr/sbin/${tool}`, ['-q', ...args, path])
  const handle = await open(path)
  const { buffer } = await handle.read(Buffer.alloc(2048), 0, 2048, 0)
  await handle.close()
  return buffer
}

describe('superblocks', () => {
  test.each([
    ['mkfs.ext2', 'ext2', ['-b', '1024'], { blockSize: 1024 }],
    ['mkfs.ext3', 'ext3', ['-b', '4096'], { blockSize: 4096 }],
    ['mkfs.ext4', 'ext4', ['-b', '2048', '-O', 'bigalloc,casefold'], { blockSize: 2048 }],
    ['mkfs.ext4', 'ext4', ['-O', 'inline_data'], { reason: 'it has the feature inline_data' }],
    ['mkfs.ext4', 'ext4', ['-O', 'encrypt'], { reason: 'it has the feature encrypt' }],
    ['mkfs.ext4', 'ext4', ['-O', 'verity'], { reason: 'it has the feature verity' }],
    ['mkfs.xfs', 'xfs', ['-f'], { blockSize: 4096 }],
    ['mkfs.xfs', 'xfs', ['-f', '-b', 'size=1024'], { blockSize: 1024 }],
    ['mkfs.btrfs', 'btrfs', [], { reason: 'it is btrfs' }],
  ])('%s: %s %j', async (tool, type, args, expected) => {
    expect(stampableBlockSize(type, await headOf(tool, ...args))).toEqual(expected)
  })

  test.each([
    ['-o', 'journal_data', true],
    ['-o', 'journal_data_writeback', false],
    ['-E', 'mount_opts=data=journal', true],
  ])('tune2fs %s %s', async (option, value, refused) => {
    await headOf('mkfs.ext4', '-b', '4096')
    const path = join(scratch, 'fs.raw')
    await execa('/usr/sbin/tune2fs', [option, value, path])
    const handle = await open(path)
    const { buffer } = await handle.read(Buffer.alloc(2048), 0, 2048, 0)
    await handle.close()
    expect(stampableBlockSize('ext4', buffer)).toEqual(
      refused ? { reason: 'it is mounted with data=journal' } : { blockSize: 4096 },
    )
  })

  test('a realtime device', async () => {
    const head = Buffer.from(await headOf('mkfs.xfs', '-f'))
    head.writeBigUInt64BE(1000n, 16)
    expect(stampableBlockSize('xfs', head)).toEqual({ reason: 'it has a realtime device' })
  })

  test.each(['ext4', 'xfs'])('nothing that looks like %s', (type) => {
    expect(stampableBlockSize(type, Buffer.alloc(2048))).toHaveProperty('reason')
    expect(stampableBlockSize(type, Buffer.alloc(0))).toHaveProperty('reason')
  })

  test('data=journal among mount options', () => {
    expect(journalsData('noatime,data=journal')).toBe(true)
    expect(journalsData('data=ordered,x-data=journalx')).toBe(false)
  })
})
