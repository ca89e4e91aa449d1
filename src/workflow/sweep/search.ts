import { type ByteText, toByteText } from '../../formats/bytes.ts'
import type { GuestNode, GuestTree } from '../../guest/tree.ts'
import { visibleText } from '../../transaction/visible.ts'
import type { OldValue } from './old-values.ts'
import type { Leftover, Skipped, Sweep } from './types.ts'

/** Leftovers that are listed of one value. */
const LISTED = 100
/** Characters of a line that are kept. */
const LINE = 200
/** Of those, what follows a value that stands far to the right. */
const AFTER = 40
/** What a line is called that may hold a password, or an address with one in it. */
const SECRET = /pass|secret|token|credential|psk|private|\bkeys?\b|:\/\/[^/\s]*@/i

/**
 * Looks for old values in the files of a tree at and below these places. Pure.
 * `secret`: true for files that are not looked into, because what they hold is new.
 */
export function searchTree(
  tree: GuestTree,
  places: readonly string[],
  values: readonly OldValue[],
  secret: (path: string) => boolean = () => false,
): Sweep {
  const leftovers: Leftover[] = []
  const skipped: Skipped[] = []
  const counts = new Map<OldValue, number>()
  let more = 0
  for (const node of tree.nodes()) {
    const { path, content } = node
    if (node.kind !== 'file' || content === undefined || secret(path)) continue
    if (!places.some((place) => isWithin(path, place))) continue
    const text = toByteText(content)
    const lower = text.toLowerCase()
    const named = values.filter(({ spellings }) => spellings.some((one) => lower.includes(one)))
    if (content.includes(0)) {
      if (named.some(({ pattern }) => pattern.test(lower))) skipped.push({ path, why: 'binary' })
      continue
    }
    if (named.length === 0) continue
    const shown = isOpen(node, text)
    const lines = text.split('\n')
    for (const [index, line] of lower.split('\n').entries()) {
      for (const value of named) {
        const match = value.pattern.exec(line)
        if (match === null) continue
        const count = (counts.get(value) ?? 0) + 1
        counts.set(value, count)
        if (count > LISTED) more++
        else
          leftovers.push({
            path,
            line: index + 1,
            what: value.what,
            value: value.value,
            ...(shown ? textOf(lines[index] ?? '', match.index + match[0].length) : {}),
          })
      }
    }
  }
  return { leftovers, more, skipped }
}

/** True for the place itself and what is below it. */
export function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(place === '/' ? '/' : `${place}/`)
}

/** The text of a line, unless it may be secret: so much of it that the value that ends at `end` is in it. */
function textOf(whole: ByteText, end: number): Pick<Leftover, 'text'> {
  if (SECRET.test(whole)) return {}
  const line = whole.trim()
  const past = end - (whole.length - whole.trimStart().length) - LINE
  const start = past <= 0 ? 0 : Math.min(line.length - LINE, past + AFTER)
  const [before, after] = [start > 0 ? '…' : '', start + LINE < line.length ? '…' : '']
  return { text: before + visibleText(line.slice(start, start + LINE)) + after }
}

/** True for what every user of the guest may read, and what is no private key. */
function isOpen({ mode }: GuestNode, text: ByteText): boolean {
  return (mode & 0o004) !== 0 && !text.includes('PRIVATE KEY-----')
}
