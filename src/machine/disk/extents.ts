import { realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { DescriptorDocument, ExtentLine } from '../../formats/descriptor.ts'
import { cannotWrite, type Layout, type Use } from './create-type.ts'
import { isDevice, isWindowsPath } from './locate.ts'
import { qemuReadsName, readName } from './names.ts'
import { readDiskFile, SECTOR, type SparseHeader } from './sparse.ts'

/** A file that holds a part of the disk, checked. */
export interface Extent {
  /** Absolute, links resolved. */
  readonly path: string
  readonly layout: Layout
  readonly sectors: number
  /** Flat extents: sectors to skip in the file. */
  readonly offset: number
  /** True if qemu finds this file by the name as it is written. */
  readonly plainName: boolean
}

const EXTENT_TYPES: Record<Layout, readonly string[]> = { sparse: ['SPARSE'], flat: ['FLAT', 'VMFS'] }

/** Checks that an extent line is of a kind that can be read and written. Throws DISK_EXTENT_UNSUPPORTED, DISK_RAW_DEVICE, DISK_MALFORMED. */
export function checkExtentLine(line: ExtentLine, layout: Layout, path: string): void {
  if (isDevice(line.name ?? '') || /RDM|RAW/.test(line.type))
    throw new VmcloneError('DISK_RAW_DEVICE', `${path} has the device ${line.name ?? ''} as an extent`)
  if (line.sectors === 0 || !Number.isSafeInteger((line.sectors + line.offset) * SECTOR))
    throw new VmcloneError('DISK_MALFORMED', `${path} has an extent of ${line.sectors} sectors`)
  if (line.access.toUpperCase() === 'RW' && EXTENT_TYPES[layout].includes(line.type)) return
  throw new VmcloneError(
    'DISK_EXTENT_UNSUPPORTED',
    `${path} has an extent "${line.access} ${line.sectors} ${line.type}"; only RW ${EXTENT_TYPES[layout].join(' and ')} can be written`,
  )
}

/** Finds and checks the file of one extent line of a text descriptor. Throws DISK_*. */
export async function readExtent(
  document: DescriptorDocument,
  line: ExtentLine,
  layout: Layout,
  descriptorPath: string,
  use: Use,
): Promise<Extent> {
  checkExtentLine(line, layout, descriptorPath)
  const { path, name } = await findExtent(document, line, descriptorPath)
  if (layout === 'sparse') await checkSparseExtent(path, line, descriptorPath, use)
  else await checkFlatExtent(path, line)
  const { sectors, offset } = line
  return { path, layout, sectors, offset, plainName: qemuReadsName(line.name ?? '', name) }
}

async function findExtent(
  document: DescriptorDocument,
  line: ExtentLine,
  descriptorPath: string,
): Promise<{ path: string; name: string }> {
  const names = readName(document, line.name ?? '')
  const directory = dirname(descriptorPath)
  for (const name of names) {
    if (name === '' || isWindowsPath(name)) continue
    const path = await realpath(resolve(directory, name)).catch(() => undefined)
    if (path === undefined) continue
    if (dirname(path) !== directory || !(await stat(path)).isFile() || path === descriptorPath)
      throw new VmcloneError(
        'DISK_OUTSIDE',
        `${descriptorPath} has the extent "${name}", which is not a file of its own in ${directory}`,
      )
    return { path, name }
  }
  throw new VmcloneError(
    'DISK_MISSING',
    `${descriptorPath} has the extent "${names[0] ?? ''}", which is not there`,
  )
}

async function checkFlatExtent(path: string, line: ExtentLine): Promise<void> {
  const { size } = await stat(path)
  const needed = (line.offset + line.sectors) * SECTOR
  if (size < needed)
    throw new VmcloneError('DISK_TRUNCATED', `${path} has ${size} bytes where its descriptor says ${needed}`)
}

async function checkSparseExtent(
  path: string,
  line: ExtentLine,
  descriptorPath: string,
  use: Use,
): Promise<void> {
  const file = await readDiskFile(path)
  if (file.kind === 'vmfsSparse' || file.kind === 'seSparse')
    throw cannotWrite(descriptorPath, `of ${file.kind} extents`, 'qemu')
  if (file.kind !== 'sparse') throw new VmcloneError('DISK_MALFORMED', `${path} is not a sparse extent`)
  checkSparseHeader(file.header, line.sectors, descriptorPath, use)
}

/** Throws DISK_TYPE_UNSUPPORTED, and DISK_MALFORMED if header and descriptor differ: with capacity 0 qemu would follow names in the extent. */
export function checkSparseHeader(
  header: SparseHeader,
  sectors: number,
  descriptorPath: string,
  use: Use,
): void {
  if (header.streamOptimized && use === 'written')
    throw cannotWrite(descriptorPath, 'compressed (streamOptimized)', 'qemu')
  if (header.version === 3 && use === 'written')
    throw cannotWrite(descriptorPath, 'in version 3 of the format (changed block tracking)', 'qemu')
  if (header.version < 1 || header.version > 3)
    throw cannotWrite(descriptorPath, `in version ${header.version} of the format`, 'vmware')
  if (header.capacity === sectors) return
  throw new VmcloneError(
    'DISK_MALFORMED',
    `${descriptorPath} has an extent of ${sectors} sectors whose own header says ${header.capacity}`,
  )
}
