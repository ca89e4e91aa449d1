import { realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ByteText } from '../../formats/bytes.ts'
import type { DescriptorDocument } from '../../formats/descriptor.ts'
import type { DiskLink } from './chain.ts'
import { qemuKnows } from './create-type.ts'
import { qemuReadsName } from './names.ts'

/**
 * qemu looks for keys anywhere in the text, comments included, and for extents across line ends (block/vmdk.c,
 * vmdk_parse_description, vmdk_parse_extents). True if it nevertheless reads the same as DescriptorDocument: a
 * descriptor made to look harmless here and to name other files there is never given to it.
 */
export function qemuReadsDescriptor(
  document: DescriptorDocument,
  createType: string,
  parentHint: string | undefined,
): boolean {
  const { body } = document
  return (
    qemuKnows(createType) &&
    firstIs(body, 'createType', `createType="${createType}"`) &&
    firstIs(body, 'CID=', `CID=${document.get('CID')}`) &&
    firstIs(body, 'parentCID=', `parentCID=${document.get('parentCID')}`) &&
    (parentHint === undefined ? !body.includes('parentFileNameHint') : readsHint(document, parentHint)) &&
    sameExtents(document)
  )
}

function readsHint(document: DescriptorDocument, parentHint: string): boolean {
  const written = document.get('parentFileNameHint') ?? ''
  return (
    firstIs(document.body, 'parentFileNameHint', `parentFileNameHint="${written}"`) &&
    qemuReadsName(written, parentHint)
  )
}

/** True if the first occurrence of `key` begins a line and goes on as `whole`. */
function firstIs(body: ByteText, key: string, whole: string): boolean {
  const at = body.indexOf(key)
  return (at === 0 || body[at - 1] === '\n') && body.startsWith(whole, at)
}

/** What sscanf("%9s %lld %10s \"%511[^\n\r\"]\" %lld") takes, blanks before it passed over; blanks span lines. */
const SCANNED = /(\S{1,9})\s*([+-]?\d+)\s*(\S{1,15})\s*"([^\n\r"]{1,511})(?:"\s*([+-]?\d+))?/y
const BLANKS = /\s*/y

function sameExtents(document: DescriptorDocument): boolean {
  const scanned: string[] = []
  const { body } = document
  for (let start = 0; start < body.length; ) {
    const begin = endOf(BLANKS, body, start)
    SCANNED.lastIndex = begin
    const match = SCANNED.exec(body)
    if (match?.[1] === 'RW') {
      // From an empty line qemu reads the extent on the next one, and then reads it again.
      if (body.slice(start, begin).includes('\n')) return false
      scanned.push([match[2], match[3], match[4], match[5] ?? '0'].join('\n'))
    }
    const end = body.indexOf('\n', begin)
    start = end < 0 ? body.length : end + 1
  }
  const read = document.extents.map(({ sectors, type, name, offset }) =>
    [sectors, type, name, offset].join('\n'),
  )
  return scanned.join('\n\n') === read.join('\n\n')
}

function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return start + (pattern.exec(text)?.[0].length ?? 0)
}

/** True if qemu, given the leaf's path, opens exactly these files. `links`: leaf first. */
export async function qemuReadsChain(links: readonly DiskLink[]): Promise<boolean> {
  for (const [index, link] of links.entries()) {
    if (!link.plain) return false
    const parent = links[index + 1]
    if (parent && !(await qemuFindsParent(link, parent))) return false
  }
  return true
}

async function qemuFindsParent(child: DiskLink, parent: DiskLink): Promise<boolean> {
  const named = resolve(dirname(child.descriptorPath), child.parentHints[0] ?? '')
  try {
    // The directory too: qemu looks for extents beside the name that it opened, not beside what a link leads to.
    return (
      (await realpath(named)) === parent.descriptorPath &&
      (await realpath(dirname(named))) === dirname(parent.descriptorPath)
    )
  } catch {
    return false
  }
}
