import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Image } from '../../src/machine/stamp/spans.ts'
import { sparseHeader } from './disks.ts'

const SECTOR = 512

/** A flat VMDK of these bytes, in two extents if `cut` (bytes, sectors) is inside of it. */
export async function flatImage(directory: string, bytes: Buffer, cut = 0): Promise<Image> {
  const parts = cut > 0 && cut < bytes.length ? [bytes.subarray(0, cut), bytes.subarray(cut)] : [bytes]
  const lines = parts.map((part, index) => `RW ${part.length / SECTOR} FLAT "disk-f00${index + 1}.vmdk" 0`)
  for (const [index, part] of parts.entries())
    await writeFile(join(directory, `disk-f00${index + 1}.vmdk`), part)
  return descriptor(directory, 'twoGbMaxExtentFlat', lines)
}

/**
 * A sparse VMDK of one extent that holds the 64 KiB grains of `bytes` that are not zeros or were `written`, in the order that `order` draws from
 * how many are left.
 */
export async function sparseImage(
  directory: string,
  bytes: Buffer,
  order: (left: number) => number = () => 0,
  written: readonly { readonly start: number; readonly end: number }[] = [],
): Promise<Image> {
  const grain = 64 * 1024
  const grains = Math.ceil(bytes.length / grain)
  const tables = Math.ceil(grains / 512)
  const header = sparseHeader(bytes.length / SECTOR)
  const file = Buffer.alloc(128 * SECTOR + tables * 4 * SECTOR)
  header.copy(file)
  for (let table = 0; table < tables; table++) file.writeUInt32LE(128 + table * 4, 21 * SECTOR + table * 4)
  const held = Array.from({ length: grains }, (_, index) => index).filter(
    (index) =>
      bytes.subarray(index * grain, (index + 1) * grain).some((byte) => byte !== 0) ||
      written.some(({ start, end }) => start < (index + 1) * grain && end > index * grain),
  )
  const data: Buffer[] = []
  while (held.length > 0) {
    const [index = 0] = held.splice(order(held.length) % held.length, 1)
    const at = file.length / SECTOR + (data.length * grain) / SECTOR
    file.writeUInt32LE(at, 128 * SECTOR + index * 4)
    const part = Buffer.alloc(grain)
    bytes.copy(part, 0, index * grain, (index + 1) * grain)
    data.push(part)
  }
  await writeFile(join(directory, 'disk-s001.vmdk'), Buffer.concat([file, ...data]))
  return descriptor(directory, 'twoGbMaxExtentSparse', [
    `RW ${bytes.length / SECTOR} SPARSE "disk-s001.vmdk"`,
  ])
}

async function descriptor(directory: string, createType: string, lines: readonly string[]): Promise<Image> {
  const path = join(directory, 'disk.vmdk')
  const head = ['# Disk DescriptorFile', 'version=1', 'CID=11111111', 'parentCID=ffffffff']
  await writeFile(path, [...head, `createType="${createType}"`, ...lines, ''].join('\n'))
  return { path, format: 'vmdk' }
}
