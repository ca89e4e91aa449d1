import type { Change } from '../../../transaction/change.ts'
import { unifiedDiff } from '../../../transaction/diff.ts'
import type { BatchClone } from '../../../workflow/batch/types.ts'
import { briefOf, isChanged } from '../batch/brief.ts'
import { sayTally } from '../changes.ts'
import { visibleLine } from '../escape.ts'
import { entities, text } from './markup.ts'

/** Characters of all differences: what is beyond stands in the JSON document alone. */
const ROOM = 8 * 1024 * 1024

/** Clones that stand together behind one heading, if there are more. */
const PART = 50

/** The differences of each clone, closed at first. */
export function* differences(clones: readonly BatchClone[], diffLimit: number): Generator<string> {
  const changed = clones.filter(isChanged)
  const parts = changed.length > PART
  let room = ROOM
  for (const [index, clone] of changed.entries()) {
    if (parts && index % PART === 0) {
      const last = changed[Math.min(index + PART, changed.length) - 1]
      yield `<details class="part"><summary>${text(clone.name)} to ${text(last?.name ?? '')}</summary>\n`
    }
    const body = room > 0 ? clone.changes.map((change) => difference(change, diffLimit)).join('') : BEYOND
    room -= body.length
    yield `<details><summary><b>${text(clone.name)}</b> ${sayTally([briefOf(clone).tally])}</summary>\n${body}</details>\n`
    if (parts && (index % PART === PART - 1 || index === changed.length - 1)) yield '</details>\n'
  }
}

const BEYOND = '<p>Too much for this page: the document of --json has it.</p>\n'

function difference(change: Change, diffLimit: number): string {
  const lines = unifiedDiff(change, diffLimit).replace(/\n$/, '').split('\n')
  const start = lines.findIndex((line) => line.startsWith('@@'))
  const facts = lines
    .slice(2, start < 0 ? lines.length : start)
    .map((line) => `<i>${entities(visibleLine(line))}</i>`)
  const body = start < 0 ? facts : [...facts, ...marked(lines.slice(start))]
  const { at, path, summary } = change
  const where = at === 'guest' || at === 'storage' ? path : `VM: ${path}`
  return `<section><h4><code>${text(where)}</code></h4><p>${text(summary)}</p>${body.length === 0 ? '' : `<pre>${body.join('\n')}</pre>`}</section>\n`
}

/** Lines of one sign together in an element. */
function marked(lines: readonly string[]): string[] {
  const groups: { tag: string; lines: string[] }[] = []
  for (const line of lines) {
    const tag = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : line.startsWith('@@') ? 'b' : ''
    const shown = entities(visibleLine(line))
    const last = groups.at(-1)
    if (last?.tag === tag) last.lines.push(shown)
    else groups.push({ tag, lines: [shown] })
  }
  return groups.map(({ tag, lines: own }) =>
    tag === '' ? own.join('\n') : `<${tag}>${own.join('\n')}</${tag}>`,
  )
}
