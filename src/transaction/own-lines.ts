import type { ByteText } from '../formats/bytes.ts'
import type { Edit } from './line-edits.ts'

/**
 * How one text becomes the other if the lines that both hold come in the same order, and as often, in each: then all others were
 * removed or added, and no fewer could be. Undefined if not, or if those are more than `most`.
 */
export function ownLineEdits(old: ByteText, now: ByteText, most: number): Edit[] | undefined {
  const [before, after] = [linesOf(old), linesOf(now)]
  const [inOld, inNow] = [new Set(before), new Set(after)]
  const edits: Edit[] = []
  let [i, j, o, n, shared] = [0, 0, 0, 0, 0]
  for (;;) {
    const [from, at] = [o, n]
    let line = before[i]
    for (; line !== undefined && !inNow.has(line); line = before[++i]) o += line.length
    let other = after[j]
    for (; other !== undefined && !inOld.has(other); other = after[++j]) n += other.length
    if (o > from || n > at) edits.push({ old: [from, o], now: [at, n] })
    if (line !== other || i + j - 2 * shared > most) return undefined
    if (line === undefined) return edits
    o += line.length
    n += line.length
    i++
    j++
    shared++
  }
}

/** With their ends. */
function linesOf(text: ByteText): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
