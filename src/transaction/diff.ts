import { type ByteText, sameBytes, toByteText } from '../formats/bytes.ts'
import { abridged } from './abridged.ts'
import { type Change, type FileChange, idName } from './change.ts'
import { hunksAround, hunksOf } from './line-diff.ts'
import { isPlain, isText, visibleName, visibleText } from './visible.ts'

/** Longer diffs, in bytes of the file's text, are cut in the middle. */
export const DIFF_LIMIT = 64 * 1024

/** What grows from no more bytes than this to many is abridged: a hosts file that comes to name thousands. */
const ABRIDGING = 16 * 1024

/** Bytes by which the rest of such a file may grow. */
const AROUND = 1024

/** Whether more than this is text is judged by its ends. */
const SAMPLE = 8 * 1024

/**
 * Unified diff of a change, to be looked at: each line ends with LF and can be printed on a terminal as it is. Content that
 * is secret, binary or was not read is told in one line. A hunk longer than `limit` bytes has a line in its middle that says
 * how many were left out. An id is a hunk of one line, under the name of what bears it.
 */
export function unifiedDiff(change: Change, limit: number = DIFF_LIMIT): string {
  const path = visibleName(change.path.replace(/^\//, ''))
  if (change.kind === 'id') {
    const lines = [`@@ ${idName(change)} @@`, `-${change.before}`, `+${change.after}`]
    return [`--- a/${path}`, `+++ b/${path}`, ...lines.map(visibleText), ''].join('\n')
  }
  const existed = change.kind === 'remove' || (change.kind === 'write' && change.before !== undefined)
  const slash = change.kind === 'remove' && change.tree ? '/' : ''
  const head = [
    `--- ${existed ? `a/${path}${slash}` : '/dev/null'}`,
    `+++ ${change.kind === 'remove' ? '/dev/null' : `b/${path}`}`,
  ]
  return `${[...head, ...attributes(change)].join('\n')}\n${body(change, limit)}`
}

function attributes(change: FileChange): string[] {
  if (change.kind !== 'write') return []
  const { mode, owner } = change
  const words = [
    ...(mode === undefined ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]),
    ...(owner === undefined ? [] : [`owner ${owner.uid}:${owner.gid}`]),
  ]
  return words.length === 0 ? [] : [words.join(', ')]
}

function body(change: FileChange, limit: number): string {
  const said = toldInALine(change)
  if (said !== undefined) return `${said}\n`
  const after = change.kind === 'write' ? change.after : new Uint8Array()
  const before = (change.kind === 'link' ? undefined : change.before) ?? new Uint8Array()
  return sameBytes(before, after) ? '' : difference(before, after, limit)
}

/** What is said of a change that has nothing to compare. */
function toldInALine(change: FileChange): string | undefined {
  if (change.secret) return 'content not shown'
  if (change.kind === 'link') return linkTo(change.target)
  if (change.kind !== 'remove') return undefined
  if (change.target !== undefined) return linkTo(change.target)
  if (change.tree) return 'directory removed with all it holds'
  return change.before === undefined ? 'content not read' : undefined
}

function difference(before: Uint8Array, after: Uint8Array, limit: number): string {
  const old = toByteText(before)
  const short = before.length <= ABRIDGING ? abridged(after, limit / 2 + before.length + AROUND) : undefined
  const around = short && hunksAround(old, short, limit)
  const now = around && short ? short.text : toByteText(after)
  const plain = isPlain(old) && isPlain(now)
  const sizes = `from ${before.length} to ${after.length} bytes`
  if (!plain && !(looksText(before) && looksText(after))) return `binary, ${sizes}\n`
  const hunks = around ?? hunksOf(old, now, limit)
  if (hunks === undefined) return `too different to be shown, ${sizes}\n`
  if (plain) return hunks
  // Lines are compared as bytes, then made visible: what differs never looks alike for another reason than its encoding.
  const plainEnds = isCrLf(old) && isCrLf(now)
  return hunks.replace(/[^\n]+/g, (line) => visibleText(plainEnds ? line.replace(/\r$/, '') : line))
}

function linkTo(target: string): string {
  return `symbolic link to ${visibleName(target)}`
}

function looksText(bytes: Uint8Array): boolean {
  if (bytes.length <= 2 * SAMPLE) return isText(toByteText(bytes))
  return (
    !bytes.includes(0) && isText(toByteText(bytes.subarray(0, SAMPLE)) + toByteText(bytes.subarray(-SAMPLE)))
  )
}

/** True if every line ends with CR LF: then the CRs are no news. */
function isCrLf(text: ByteText): boolean {
  return !/(^|[^\r])\n/.test(text)
}
