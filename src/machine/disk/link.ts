import { constants } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import type { DiskLink } from './chain.ts'
import { cannotWrite, layoutOf, type Use } from './create-type.ts'
import { checkExtentLine, checkSparseHeader, type Extent, readExtent } from './extents.ts'
import { readName } from './names.ts'
import { qemuReadsDescriptor } from './plain.ts'
import { type DiskFile, openDiskFile, readDiskFile, SECTOR } from './sparse.ts'

/** Reads and checks one VMDK, named by its descriptor's path, links resolved. Throws DISK_*. */
export async function readLink(path: string, use: Use): Promise<DiskLink> {
  const file = await readDiskFile(path)
  const document = descriptorOf(file, path)
  const createType = document.get('createType')
  if (!createType) throw malformed(path, 'has no createType')
  const layout = layoutOf(createType, path, use)
  if (document.malformed.length > 0 || document.extents.length === 0)
    throw malformed(path, 'has no extents that can be read', document.malformed[0])
  for (const line of document.extents) checkExtentLine(line, layout, path)
  const embedded = file.kind === 'sparse'
  const extents = embedded
    ? [embeddedExtent(file, document, path, use)]
    : await Promise.all(document.extents.map((line) => readExtent(document, line, layout, path, use)))
  const files = [...new Set([path, ...extents.map((extent) => extent.path)])]
  if (!embedded && files.length !== extents.length + 1) throw malformed(path, 'names an extent twice')
  if (use === 'written') await checkLeafFiles(files)
  const parent = parentOf(document, path)
  const uuid = document.get('ddb.uuid')
  return {
    descriptorPath: path,
    createType,
    cid: contentId(document, 'CID', path),
    ...parent,
    ...(uuid ? { uuid } : {}),
    embedded,
    extents,
    capacity: extents.reduce((sum, extent) => sum + extent.sectors, 0) * SECTOR,
    files,
    plain:
      qemuReadsDescriptor(document, createType, parent.parentHints[0]) &&
      (!embedded || file.header.descriptor?.offset === SECTOR) &&
      extents.every((extent) => extent.plainName),
    changeTracking: Boolean(document.get('changeTrackPath')),
  }
}

/** Descriptor of a text or sparse file; throws DISK_TYPE_UNSUPPORTED or DISK_MALFORMED where there is none. */
function descriptorOf(file: DiskFile, path: string): DescriptorDocument {
  if (file.kind === 'vmfsSparse' || file.kind === 'seSparse')
    throw cannotWrite(path, `of type ${file.kind}`, 'qemu')
  if (file.kind === 'other') throw malformed(path, 'is not a VMDK descriptor')
  if (file.descriptor === undefined)
    throw malformed(path, 'is an extent of a disk and not the disk itself: the .vmx must name the descriptor')
  const document = DescriptorDocument.parse(file.descriptor)
  if (!document.isDescriptor) throw malformed(path, 'does not begin with "# Disk DescriptorFile"')
  return document
}

function embeddedExtent(
  file: DiskFile & { kind: 'sparse' },
  document: DescriptorDocument,
  path: string,
  use: Use,
): Extent {
  const [line, ...others] = document.extents
  if (!/^(monolithicSparse|streamOptimized)$/i.test(document.get('createType') ?? '') || !line || others[0])
    throw malformed(path, 'holds a descriptor that is not of one monolithicSparse extent')
  checkSparseHeader(file.header, line.sectors, path, use)
  return { path, layout: 'sparse', sectors: line.sectors, offset: 0, plainName: true }
}

function parentOf(document: DescriptorDocument, path: string): Pick<DiskLink, 'parentCid' | 'parentHints'> {
  const parentCid = contentId(document, 'parentCID', path)
  if (parentCid === 'ffffffff') return { parentCid, parentHints: [] }
  const parentHints = readName(document, document.get('parentFileNameHint') ?? '')
  if (!parentHints[0]) throw malformed(path, `says that it has a parent (${parentCid}) and does not name it`)
  return { parentCid, parentHints }
}

function contentId(document: DescriptorDocument, key: 'CID' | 'parentCID', path: string): string {
  const value = document.get(key) ?? (key === 'parentCID' ? 'ffffffff' : '')
  if (!/^[0-9a-f]{1,8}$/i.test(value)) throw malformed(path, `has no valid ${key}`)
  return value.toLowerCase().padStart(8, '0')
}

/** A second name of the same inode is a clone made by `cp -l`: a write would go to both. */
async function checkLeafFiles(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const handle = await openDiskFile(file, constants.O_RDWR)
    const { nlink } = await handle.stat().finally(() => handle.close())
    if (nlink > 1)
      throw new VmcloneError(
        'DISK_SHARED',
        `${file} has ${nlink} names (hard links): another VM may use it`,
        {
          hint: 'Give the clone a copy of its own: copy the file, and move the copy over it.',
        },
      )
  }
}

function malformed(path: string, fact: string, line?: number): VmcloneError {
  return new VmcloneError(
    'DISK_MALFORMED',
    `${path} ${fact}`,
    line === undefined ? {} : { position: { file: path, line } },
  )
}
