import { randomBytes } from 'node:crypto'
import { open, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { checkWhole } from '../../../src/machine/disk/whole.ts'
import { readMachine } from '../../../src/machine/read.ts'
import { useDirectory } from '../../support/disks.ts'
import { createChild, createVmdk } from '../../support/qemu.ts'

const directory = useDirectory()
const at = (name: string) => join(directory(), name)
const check = async (name: string) => checkWhole(await readChain(at(name), { use: 'read' }))

/** Bytes of a disk that ends inside of a grain, and what is written: at both ends and between, out of order. */
const SIZE = 3 * 2 ** 30 + 512
const WRITES = ['1G 1M', '3072M 512', '0 64k', '700M 300k']

async function write(path: string, writes: readonly string[], pattern = 'write -q -P 7'): Promise<void> {
  const input = `${writes.map((place) => `${pattern} ${place}`).join('\n')}\n`
  await execa('qemu-io', ['-f', 'vmdk', path], { input })
}

/** Makes a written disk of a subformat; gives the file that its data end in. */
async function makeDisk(subformat: string): Promise<string> {
  const sparse = subformat === 'streamOptimized' ? 'source.vmdk' : 'disk.vmdk'
  const options = subformat === 'streamOptimized' ? 'monolithicSparse' : subformat
  await createVmdk(at(sparse), `subformat=${options}`, String(SIZE))
  await writeFile(at('noise'), randomBytes(1024))
  await write(at(sparse), WRITES, `write -q -s ${at('noise')}`)
  if (subformat === 'streamOptimized') {
    const to = ['-f', 'vmdk', '-O', 'vmdk', '-o', `subformat=${subformat}`]
    await execa('qemu-img', ['convert', ...to, at(sparse), at('disk.vmdk')])
  }
  return subformat.startsWith('twoGb') ? 'disk-s001.vmdk' : 'disk.vmdk'
}

/** Ends a file as an interrupted copy does. */
async function cutTo(name: string, length: (size: number) => number): Promise<number> {
  const { size } = await stat(at(name))
  await truncate(at(name), length(size))
  return size
}

const field = async (name: string, offset: number): Promise<number> => {
  const handle = await open(at(name))
  const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, offset)
  await handle.close()
  return Number(buffer.readBigUInt64LE()) * 512
}

describe.each(['monolithicSparse', 'twoGbMaxExtentSparse', 'streamOptimized'])('%s', (subformat) => {
  test('whole', async () => {
    await makeDisk(subformat)
    await check('disk.vmdk')
  })

  test('empty', async () => {
    await createVmdk(at('disk.vmdk'), `subformat=${subformat}`, String(SIZE))
    await check('disk.vmdk')
  })

  test.each<[string, (size: number, overhead: number) => number]>([
    ['half of the last grain is missing', (size) => size - 65536 + 300],
    ['the last grain is missing', (size) => size - 65536],
    ['most grains are missing', (_size, overhead) => overhead + 1024],
    ['all grains are missing', (_size, overhead) => overhead],
    ['a part of the tables is missing', (_size, overhead) => overhead / 2],
    ['all but the descriptor is missing', () => 21 * 512],
  ])('%s', async (_what, length) => {
    const name = await makeDisk(subformat)
    const overhead = await field(name, 64)
    const whole = await cutTo(name, (size) => length(size, overhead))
    const { size } = await stat(at(name))
    expect(size).toBeLessThan(whole)
    await expect(check('disk.vmdk')).rejects.toMatchObject({
      code: 'DISK_TRUNCATED',
      message: expect.stringContaining(`${at(name)} has ${size} bytes`),
    })
  })
})

describe('extents', () => {
  test('one of several is incomplete', async () => {
    await makeDisk('twoGbMaxExtentSparse')
    await cutTo('disk-s002.vmdk', (size) => size - 65536)
    await expect(check('disk.vmdk')).rejects.toMatchObject({ code: 'DISK_TRUNCATED' })
  })

  test('of a disk’s last grain there need be no more than the disk has', async () => {
    await createVmdk(at('disk.vmdk'), 'subformat=monolithicSparse', String(64 * 2 ** 20 + 512))
    await write(at('disk.vmdk'), ['64M 512'])
    await cutTo('disk.vmdk', (size) => size - 65536 + 512)
    await check('disk.vmdk')
    await cutTo('disk.vmdk', (size) => size - 1)
    await expect(check('disk.vmdk')).rejects.toMatchObject({ code: 'DISK_TRUNCATED' })
  })

  test('a grain that reads as zeros has no place', async () => {
    await createVmdk(at('disk.vmdk'), 'subformat=monolithicSparse,zeroed_grain=on')
    await write(at('disk.vmdk'), ['0 128k'])
    await write(at('disk.vmdk'), ['0 128k'], 'write -q -z')
    await check('disk.vmdk')
  })

  test('the copies of the tables are missing', async () => {
    await createVmdk(at('disk.vmdk'), 'subformat=monolithicSparse')
    const handle = await open(at('disk.vmdk'), 'r+')
    const table = Buffer.alloc(4)
    table.writeUInt32LE(1 << 20)
    await handle.write(table, 0, 4, await field('disk.vmdk', 48))
    await handle.close()
    await expect(check('disk.vmdk')).rejects.toMatchObject({ code: 'DISK_TRUNCATED' })
  })
})

/** A disk as VMware exports it: grains, their table, its directory, and the header again as a footer. */
async function putStream(path: string): Promise<void> {
  await createVmdk(at('qemu.vmdk'), 'subformat=streamOptimized')
  await createVmdk(at('source.vmdk'), 'subformat=monolithicSparse')
  await write(at('source.vmdk'), ['1M 64k'])
  const to = ['-f', 'vmdk', '-O', 'vmdk', '-o', 'subformat=streamOptimized']
  await execa('qemu-img', ['convert', ...to, at('source.vmdk'), at('qemu.vmdk')])
  const handle = await open(at('qemu.vmdk'))
  const bytes = await handle.readFile()
  await handle.close()
  const directoryAt = Number(bytes.readBigUInt64LE(56)) * 512
  const tables = [0, 1].map((index) => bytes.readUInt32LE(directoryAt + index * 4) * 512)
  const moved = tables.map((table) => Buffer.from(bytes.subarray(table, table + 2048)))
  const end = bytes.length / 512
  const places = Buffer.alloc(512)
  places.writeUInt32LE(end, 0)
  places.writeUInt32LE(end + 4, 4)
  const footer = Buffer.from(bytes.subarray(0, 512))
  footer.writeBigUInt64LE(BigInt(end + 8), 56)
  bytes.writeBigUInt64LE(2n ** 64n - 1n, 56)
  bytes.fill(0, directoryAt, directoryAt + 512)
  for (const table of tables) bytes.fill(0, table, table + 2048)
  const marker = Buffer.alloc(512)
  marker.writeBigUInt64LE(1n)
  marker.writeUInt32LE(3, 12)
  await writeFile(path, Buffer.concat([bytes, ...moved, places, marker, footer, Buffer.alloc(512)]))
}

describe('tables that the footer leads to', () => {
  test('qemu reads such a disk, and it is whole', async () => {
    await putStream(at('disk.vmdk'))
    const read = ['-r', '-f', 'vmdk', '-c', 'read -P 7 1M 64k', at('disk.vmdk')]
    expect((await execa('qemu-io', read)).stdout).not.toContain('failed')
    await check('disk.vmdk')
  })

  test.each([1, 512, 1536, 4096])('without its last %i bytes', async (missing) => {
    await putStream(at('disk.vmdk'))
    await cutTo('disk.vmdk', (size) => size - missing)
    await expect(check('disk.vmdk')).rejects.toMatchObject({ code: 'DISK_TRUNCATED' })
  })
})

test.each(['read', 'written'] as const)(
  'a VM whose disk’s parent is incomplete is refused: %s',
  async (use) => {
    await createVmdk(at('base.vmdk'), 'subformat=monolithicSparse')
    await write(at('base.vmdk'), ['0 1M'])
    await createChild(at('disk.vmdk'), 'base.vmdk', 'monolithicSparse')
    const lines = ['config.version = "8"', 'scsi0:0.present = "TRUE"', 'scsi0:0.fileName = "disk.vmdk"', '']
    await writeFile(at('vm.vmx'), lines.join('\n'))
    await readMachine(at('vm.vmx'), { use })
    await cutTo('base.vmdk', (size) => size - 65536)
    await expect(readMachine(at('vm.vmx'), { use })).rejects.toMatchObject({
      code: 'DISK_TRUNCATED',
      message: expect.stringContaining('base.vmdk'),
    })
  },
)

test('the tables of 2 TiB are read without waiting', async () => {
  await createVmdk(at('disk.vmdk'), 'subformat=monolithicSparse', '2T')
  const start = performance.now()
  await check('disk.vmdk')
  expect(performance.now() - start).toBeLessThan(10_000)
})
