import { structuredPatch } from 'diff'
import { type ByteText, sameBytes, toByteText } from '../formats/bytes.ts'
import type { Change } from './change.ts'
import { isText, visibleText } from './visible.ts'

/** More different lines than this are not worth finding. */
const EDIT_LIMIT = 1000

/**
 * Unified diff of a change, to be looked at: each line ends with LF and can be printed on a terminal as it is. Content that
 * is secret, binary or was not read is told in one line.
 */
export function unifiedDiff(change: Change): string {
  const path = visibleText(Buffer.from(change.path.replace(/^\//, ''), 'utf8').toString('latin1'))
  const existed = change.kind === 'remove' || change.before !== undefined
  const slash = change.kind === 'remove' && change.tree ? '/' : ''
  const head = [
    `--- ${existed ? `a/${path}${slash}` : '/dev/null'}`,
    `+++ ${change.kind === 'write' ? `b/${path}` : '/dev/null'}`,
  ]
  return [...head, ...attributes(change), ...body(change), ''].join('\n')
}

function attributes(change: Change): string[] {
  if (change.kind === 'remove') return []
  const { mode, owner } = change
  const words = [
    ...(mode === undefined ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]),
    ...(owner === undefined ? [] : [`owner ${owner.uid}:${owner.gid}`]),
  ]
  return words.length === 0 ? [] : [words.join(', ')]
}

function body(change: Change): string[] {
  if (change.secret) return ['content not shown']
  if (change.kind === 'remove' && change.tree) return ['directory removed with all it holds']
  if (change.kind === 'remove' && change.before === undefined) return ['content not read']
  const after = change.kind === 'write' ? change.after : new Uint8Array()
  const before = change.before ?? new Uint8Array()
  if (sameBytes(before, after)) return []
  const [old, now] = [toByteText(before), toByteText(after)]
  const sizes = `${before.length} bytes → ${after.length} bytes`
  if (!isText(old) || !isText(now)) return [`binary, ${sizes}`]
  return hunks(old, now) ?? [`too different to be shown, ${sizes}`]
}

/** Lines are compared as bytes, then made visible: what differs never looks alike for another reason than its encoding. */
function hunks(old: ByteText, now: ByteText): string[] | undefined {
  const patch = structuredPatch('', '', old, now, '', '', { context: 3, maxEditLength: EDIT_LIMIT })
  if (patch === undefined) return undefined
  const plainEnds = isCrLf(old) && isCrLf(now)
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@`,
    ...lines.map((line) => visibleText(plainEnds ? line.replace(/\r$/, '') : line)),
  ])
}

/** A side without lines names the line before it. */
function span(start: number, lines: number): string {
  return lines === 0 ? `${Math.max(0, start - 1)},0` : lines === 1 ? `${start}` : `${start},${lines}`
}

/** True if every line ends with CR LF: then the CRs are no news. */
function isCrLf(text: ByteText): boolean {
  return !/(^|[^\r])\n/.test(text)
}
