import { open, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { type Image, ownSpans, type Span } from '../../../src/machine/stamp/spans.ts'
import { useDirectory } from '../../support/disks.ts'
import { createChild, createVmdk } from '../../support/qemu.ts'

const directory = useDirectory()
const at = (name: string) => join(directory(), name)

async function spansOf(image: Image): Promise<Span[]> {
  const spans: Span[] = []
  for await (const span of ownSpans(image)) spans.push(span)
  return spans
}

/** qemu's own map of an image without its backing chain. */
async function mapOf({ path, format }: Image): Promise<Span[]> {
  const flat = { driver: format, file: { driver: 'file', filename: path } }
  const alone = { ...flat, ...(format === 'raw' ? {} : { backing: null }) }
  const { stdout } = await execa('qemu-img', ['map', `json:${JSON.stringify(alone)}`])
  return stdout.split('\n').flatMap((line) => {
    const [, start, length, offset, file] = /^(\S+)\s+(0x\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return file === undefined
      ? []
      : [{ start: Number(start), length: Number(length), file, offset: Number(offset) }]
  })
}

/** Bytes of the disk, one span for each 64 KiB, so that both can join neighbours as they like. */
function pieces(spans: readonly Span[]): Span[] {
  const size = 64 * 1024
  return spans.flatMap(({ start, length, file, offset }) =>
    Array.from({ length: Math.ceil(length / size) }, (_, index) => ({
      start: start + index * size,
      length: Math.min(size, length - index * size),
      file,
      offset: offset + index * size,
    })),
  )
}

/** Writes here and there, out of order, at both ends and over the limits of grain tables and extents. */
async function scatter({ path, format }: Image): Promise<void> {
  const writes = [
    '4095M 128k',
    '0 64k',
    '33M 4k',
    '31M 2M',
    '2047M 2M',
    '5G 64k',
    '100M 64k',
    '5119M 1M',
    '64k 64k',
  ]
  const commands = [
    ...writes.map((place) => `write -q -P 7 ${place}`),
    'write -q -z 200M 1M',
    'write -q -z 33M 64k',
  ]
  await execa('qemu-io', ['-f', format, path], { input: `${commands.join('\n')}\n` })
}

async function expectSame(image: Image): Promise<void> {
  const expected = pieces(await mapOf(image))
  expect(expected.length).toBeGreaterThan(30)
  expect(pieces(await spansOf(image))).toEqual(expected)
}

describe('what an image itself holds is what qemu says', () => {
  test.each(['monolithicSparse', 'twoGbMaxExtentSparse'])('a child of %s', async (subformat) => {
    await createVmdk(at('parent.vmdk'), `subformat=${subformat}`, '6G')
    await execa('qemu-io', ['-f', 'vmdk', '-c', 'write -q -P 9 300M 1M', at('parent.vmdk')])
    await createChild(at('child.vmdk'), 'parent.vmdk', subformat)
    const image: Image = { path: at('child.vmdk'), format: 'vmdk' }
    await scatter(image)
    await expectSame(image)
  })

  test('a qcow2 over it, also while another program has it open', async () => {
    await createVmdk(at('parent.vmdk'), 'subformat=monolithicSparse', '6G')
    await execa('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      '-b',
      'parent.vmdk',
      '-F',
      'vmdk',
      at('top.qcow2'),
    ])
    const image: Image = { path: at('top.qcow2'), format: 'qcow2' }
    await scatter(image)
    await expectSame(image)
    const holder = execa('qemu-io', ['-f', 'qcow2', image.path], { stdin: 'pipe', reject: false })
    holder.stdin?.write('write -q -P 8 1G 64k\nflush\n')
    const seen = async () => (await spansOf(image)).some(({ start }) => start === 1 << 30)
    await expect.poll(seen, { timeout: 60_000 }).toBe(true)
    holder.stdin?.end('quit\n')
    await holder
  })

  test('a raw file', async () => {
    await truncate(await touched('disk.raw'), 6 * 2 ** 30)
    await scatter({ path: at('disk.raw'), format: 'raw' })
    await expectSame({ path: at('disk.raw'), format: 'raw' })
  })
})

async function touched(name: string): Promise<string> {
  await (await open(at(name), 'w')).close()
  return at(name)
}

describe('grain tables that lie', () => {
  const damage = async (value: number, table: boolean) => {
    await createVmdk(at('disk.vmdk'), 'subformat=monolithicSparse', '64M')
    await execa('qemu-io', ['-f', 'vmdk', '-c', 'write -q -P 9 0 64k', at('disk.vmdk')])
    const handle = await open(at('disk.vmdk'), 'r+')
    const { buffer: header } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    const directoryAt = Number(header.readBigUInt64LE(56)) * 512
    const { buffer: entry } = await handle.read(Buffer.alloc(4), 0, 4, directoryAt)
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    await handle.write(bytes, 0, 4, table ? entry.readUInt32LE(0) * 512 : directoryAt)
    await handle.close()
    return spansOf({ path: at('disk.vmdk'), format: 'vmdk' })
  }

  test.each([
    ['a grain behind the file’s end', 0x7fffffff, true],
    ['a table behind the file’s end', 0x7fffffff, false],
  ])('%s', async (_what, value, table) => {
    await expect(damage(value, table)).rejects.toMatchObject({ code: 'DISK_TRUNCATED' })
  })

  test('a grain of zeros is none of the image’s own bytes', async () => {
    expect(await damage(0, true)).toEqual([])
    expect((await stat(at('disk.vmdk'))).size).toBeGreaterThan(64 * 1024)
  })
})
