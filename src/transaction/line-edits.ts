import { diffLines } from 'diff'
import type { ByteText } from '../formats/bytes.ts'
import { commonEnds } from './common-ends.ts'
import { ownLineEdits } from './own-lines.ts'

/** A stretch of whole lines of one text in place of one of another, as offsets; either may be empty. */
export interface Edit {
  readonly old: readonly [from: number, to: number]
  readonly now: readonly [from: number, to: number]
}

/** More different lines than this are not worth finding; fewer in long texts, where each costs more. */
const EDIT_LIMIT = { small: 1000, large: 200 }

/** Texts that are longer together are first taken apart at lines that both have once. */
const SMALL = 32 * 1024

/** A text of so many bytes may be much longer than the other. */
const LOPSIDED = 2048

/** Lines of the shorter text that are tried as such. */
const ANCHORS = 16

/** How one text becomes the other, in order; undefined if they differ in too much. */
export function lineEdits(old: ByteText, now: ByteText): Edit[] | undefined {
  if (isSmall(old, now) && !isLopsided(old, now)) return compared(old, now, EDIT_LIMIT.small)
  const ends = commonEnds(old, now)
  const inner = differing(ends.old, ends.now)
  return inner?.map((edit) => moved(edit, ends.start, ends.start))
}

function isSmall(old: ByteText, now: ByteText): boolean {
  return old.length + now.length <= SMALL
}

/** Myers' algorithm takes its time for every line that one has more, which anchors spare. */
function isLopsided(old: ByteText, now: ByteText): boolean {
  const [short, long] = [Math.min(old.length, now.length), Math.max(old.length, now.length)]
  return long > LOPSIDED && long > 8 * short
}

function differing(old: ByteText, now: ByteText): Edit[] | undefined {
  if (old === '' && now === '') return []
  const replaced: Edit = { old: [0, old.length], now: [0, now.length] }
  if (old === '' || now === '') return [replaced]
  const small = isSmall(old, now)
  if (small && !isLopsided(old, now)) return compared(old, now, EDIT_LIMIT.small)
  const anchor = anchorOf(old, now)
  if (anchor === undefined) {
    if (small) return compared(old, now, EDIT_LIMIT.small)
    const few = Math.min(old.length, now.length) <= SMALL / 2
    return few ? [replaced] : compared(old, now, EDIT_LIMIT.large)
  }
  const before = lineEdits(old.slice(0, anchor.old), now.slice(0, anchor.now))
  const after = lineEdits(old.slice(anchor.old), now.slice(anchor.now))
  return before && after && [...before, ...after.map((edit) => moved(edit, anchor.old, anchor.now))]
}

/** Where a line begins that each text has once; its long lines say most. */
function anchorOf(old: ByteText, now: ByteText): { old: number; now: number } | undefined {
  const [short, long] = old.length < now.length ? [old, now] : [now, old]
  const lines = short.slice(0, SMALL).match(/[^\n]+\n/g) ?? []
  const candidates = [...new Set(lines)].sort((a, b) => b.length - a.length).slice(0, ANCHORS)
  for (const line of candidates) {
    const [here, there] = [onlyPlace(short, line), onlyPlace(long, line)]
    if (here === undefined || there === undefined || here + there === 0) continue
    return short === old ? { old: here, now: there } : { old: there, now: here }
  }
  return undefined
}

function onlyPlace(text: ByteText, line: ByteText): number | undefined {
  const first = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1
  if (first === 0 && !text.startsWith(line)) return undefined
  return text.indexOf(`\n${line}`, first) < 0 ? first : undefined
}

function compared(old: ByteText, now: ByteText, maxEditLength: number): Edit[] | undefined {
  return ownLineEdits(old, now, maxEditLength) ?? byMyers(old, now, maxEditLength)
}

function byMyers(old: ByteText, now: ByteText, maxEditLength: number): Edit[] | undefined {
  let [o, n] = [0, 0]
  return diffLines(old, now, { maxEditLength })?.flatMap(({ value, added, removed }) => {
    const [from, at] = [o, n]
    if (!added) o += value.length
    if (!removed) n += value.length
    return added || removed ? [{ old: [from, o], now: [at, n] } as const] : []
  })
}

function moved({ old, now }: Edit, byOld: number, byNow: number): Edit {
  return { old: [old[0] + byOld, old[1] + byOld], now: [now[0] + byNow, now[1] + byNow] }
}
