import { type Change, idsAt } from '../../transaction/change.ts'
import { unifiedDiff } from '../../transaction/diff.ts'
import { block, columnsOf, pad, widestWord } from './columns.ts'
import { visible, visibleLine } from './escape.ts'
import type { Look } from './paint.ts'

/** How many changes there are of each sort. */
export interface Tally {
  readonly 'VM file': number
  readonly 'guest file': number
  readonly 'disk id': number
}

const NONE: Tally = { 'VM file': 0, 'guest file': 0, 'disk id': 0 }

export function tallyOf(changes: readonly Change[]): Tally {
  const tally = { ...NONE }
  for (const { at } of changes)
    tally[at === 'guest' ? 'guest file' : at === 'storage' ? 'disk id' : 'VM file']++
  return tally
}

/** "1 VM file, 9 guest files and 2 disk ids": what of it there is in all. */
export function sayTally(all: Iterable<Tally>): string {
  const sum = { ...NONE }
  for (const tally of all) for (const [name] of SORTS) sum[name] += tally[name]
  const parts = SORTS.flatMap(([name, names]) =>
    sum[name] === 0 ? [] : [`${sum[name]} ${sum[name] === 1 ? name : names}`],
  )
  return parts.join(', ').replace(/, (?=[^,]*$)/, ' and ')
}

const SORTS = [
  ['VM file', 'VM files'],
  ['guest file', 'guest files'],
  ['disk id', 'disk ids'],
] as const

/** Columns for the summaries; with fewer beside the paths they stand beneath them. */
const LEAST = 24

const VM = ['vmx', 'host', 'descriptor'] as const

/** The changes by side, one line each where the width allows: operation, path, summary. */
export function renderChanges(changes: readonly Change[], look: Look): string[] {
  return [
    ...side(
      'VM files',
      changes.filter(({ at }) => VM.some((side) => side === at)),
      look,
    ),
    ...side(
      'Guest files',
      changes.filter(({ at }) => at === 'guest'),
      look,
    ),
    ...side('Disk ids', idsAt('storage', changes), look),
  ]
}

function side(title: string, changes: readonly Change[], { width, paint }: Look): string[] {
  if (changes.length === 0) return []
  const rows = changes.map((change) => ({
    operation: visible(change.operation),
    path: visible(change.path) + (change.kind === 'remove' && change.tree ? '/' : ''),
    summary: visible(change.summary),
    mark: markOf(change),
  }))
  const operations = Math.max(...rows.map(({ operation }) => columnsOf(operation)))
  const paths = Math.max(...rows.map(({ path }) => columnsOf(path)))
  const indent = ' '.repeat(operations + paths + 8)
  const room = width - indent.length
  const oneLine =
    room >= LEAST && rows.every(({ path, summary }) => columnsOf(path) <= 48 && widestWord(summary) <= room)
  const lines = rows.flatMap(({ operation, path, summary, mark }) => {
    if (!oneLine) {
      const [first = '', ...more] = block(path, '    ', width)
      return [
        `  ${mark} ${first.trimStart()}`,
        ...more,
        ...block(`${operation}: ${summary}`, '      ', width),
      ]
    }
    const [first = '', ...rest] = block(summary, indent, width)
    return [`  ${mark} ${pad(operation, operations)}  ${pad(path, paths)}  ${first.trimStart()}`, ...rest]
  })
  return [paint('bold', title), ...lines, '']
}

/** "+" a new file or link, "-" one that goes, "~" one that is edited. */
function markOf(change: Change): string {
  if (change.kind === 'remove') return '-'
  return change.kind === 'link' || change.before === undefined ? '+' : '~'
}

/** The unified diffs; `unifiedDiff` shows nothing that is secret. */
export function renderDiffs(changes: readonly Change[], { paint }: Look): string[] {
  return changes.flatMap((change) => {
    const lines = unifiedDiff(change).replace(/\n$/, '').split('\n')
    const start = lines.findIndex((line) => line.startsWith('@@'))
    const heads = start < 0 ? lines.length : start
    return [
      ...lines.slice(0, heads).map((line) => paint('bold', visibleLine(line))),
      ...lines.slice(heads).map((line) => paintDiffLine(visibleLine(line), paint)),
      '',
    ]
  })
}

function paintDiffLine(line: string, paint: Look['paint']): string {
  if (line.startsWith('@@')) return paint('cyan', line)
  if (line.startsWith('+')) return paint('green', line)
  return line.startsWith('-') ? paint('red', line) : line
}
