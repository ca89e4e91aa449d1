import { type ByteText, fromByteText } from '../../formats/bytes.ts'
import type { DescriptorDocument, ExtentLine } from '../../formats/descriptor.ts'
import { UTF8 } from '../../formats/encoding.ts'
import { NO_PARENT } from '../disk/chain.ts'
import type { DiskIds } from './content-id.ts'

/** What a new descriptor says. */
export interface NewDescriptor {
  readonly ids: DiskIds
  readonly createType: string
  /** The parent's CID, and the way to it from the descriptor's directory; absent: no parent. */
  readonly parent?: { readonly contentId: string; readonly hint: string }
  readonly extents: readonly ExtentLine[]
  /** Descriptors whose disk database it takes over, each key from the first that has it. */
  readonly like: readonly DescriptorDocument[]
}

/** Kept of a disk database. Ids are drawn anew, and change tracking and encryption are state of the other disk. */
const KEPT = [
  'ddb.adapterType',
  'ddb.geometry.cylinders',
  'ddb.geometry.heads',
  'ddb.geometry.sectors',
  'ddb.geometry.biosCylinders',
  'ddb.geometry.biosHeads',
  'ddb.geometry.biosSectors',
  'ddb.virtualHWVersion',
  'ddb.toolsVersion',
  'ddb.toolsInstallType',
  'ddb.thinProvisioned',
]

/**
 * A descriptor as Workstation lays it out, in UTF-8. A disk without a parent gets a ddb.uuid of its own if the one it
 * comes from has one; a child has none, as with VMware, and shows its parent's. The hint holds no quote and no line end.
 */
export function newDescriptor({ ids, createType, parent, extents, like }: NewDescriptor): Uint8Array {
  const keptValue = (key: string) => like.map((document) => document.get(key)).find((value) => value)
  const database = KEPT.flatMap((key) => {
    const value = keptValue(key)
    return value === undefined ? [] : [`${key} = "${value}"`]
  })
  const uuid = parent === undefined && keptValue('ddb.uuid') ? [`ddb.uuid = "${ids.uuid}"`] : []
  const lines: ByteText[] = [
    '# Disk DescriptorFile',
    'version=1',
    'encoding="UTF-8"',
    `CID=${ids.contentId}`,
    `parentCID=${parent?.contentId ?? NO_PARENT}`,
    ...(parent === undefined ? [] : ['isNativeSnapshot="no"']),
    `createType="${createType}"`,
    ...(parent === undefined ? [] : [`parentFileNameHint="${UTF8.encode(parent.hint) ?? ''}"`]),
    '',
    '# Extent description',
    ...extents.map(extentText),
    '',
    '# The Disk Data Base ',
    '#DDB',
    '',
    ...database,
    `ddb.longContentID = "${ids.longContentId}"`,
    ...uuid,
    '',
  ]
  return fromByteText(lines.join('\n'))
}

function extentText({ access, sectors, type, name, offset }: ExtentLine): ByteText {
  // qemu wants an offset behind FLAT, and takes none behind VMFS.
  return `${access} ${sectors} ${type} "${name ?? ''}"${type === 'FLAT' ? ` ${offset}` : ''}`
}
