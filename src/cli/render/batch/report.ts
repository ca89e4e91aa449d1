import type { BatchReport } from '../../../workflow/batch/types.ts'
import { renderChanges, renderDiffs } from '../changes.ts'
import { block } from '../columns.ts'
import { visible } from '../escape.ts'
import type { Look } from '../paint.ts'
import { renderScripts } from '../scripts.ts'
import { renderSweep } from '../sweep.ts'
import { isChanged } from './brief.ts'
import { closingOf } from './closing.ts'
import { type Kind, kindsOf } from './kinds.ts'
import { renderTable } from './table.ts'
import { renderBatchNotices, renderFailures } from './troubles.ts'

/** Kinds of clones whose changes are shown; a table with more than that is no batch of alike ones. */
const KINDS = 4

/** What became of a batch, or would become of it, for a person; line by line, each with its end. */
export function* renderBatch(
  report: BatchReport,
  { diff }: { diff: boolean },
  look: Look,
): Generator<string> {
  for (const line of lines(report, diff, look)) yield `${line}\n`
}

function* lines(report: BatchReport, diff: boolean, look: Look): Generator<string> {
  yield* renderTable(report.clones, look)
  yield ''
  if (diff) yield* everyDiff(report, look)
  else yield* kinds(report, look)
  yield* renderScripts(report.clones, look)
  yield* renderFailures(report, look)
  yield* sweeps(report, look)
  yield* renderBatchNotices(report, look)
  yield* block(closingOf(report), '', look.width)
}

function* kinds({ clones }: BatchReport, look: Look): Generator<string> {
  const found = kindsOf(clones)
  const dry = found.some(({ first }) => first.status === 'planned')
  for (const kind of found.slice(0, KINDS)) {
    yield* block(titleOf(kind, dry), '', look.width)
    yield ''
    yield* renderChanges(kind.first.changes, look)
    if (dry) yield* renderDiffs(kind.first.changes, look)
  }
  const more = found.slice(KINDS).reduce((sum, { count }) => sum + count, 0)
  if (more > 0)
    yield* [...block(`${more} clones change in other files; --diff shows all.`, '', look.width), '']
}

function titleOf({ first, count }: Kind, dry: boolean): string {
  const others = count === 1 ? '' : `, and likewise in ${count - 1} other${count === 2 ? '' : 's'}`
  return `What ${dry ? 'would change' : 'changed'} in ${visible(first.name)}${others}:`
}

/** That of the clones made from the template, once, then those of clones that were there. */
function* sweeps({ sweep, clones }: BatchReport, look: Look): Generator<string> {
  yield* renderSweep(sweep, look)
  const own = clones.filter((clone) => clone.sweep !== undefined)
  for (const clone of own.slice(0, KINDS)) yield* renderSweep(clone.sweep, look, ` in ${visible(clone.name)}`)
  const more = own.length - KINDS
  const others = `${more} more clones were searched; --json lists what was found in each.`
  if (more > 0) yield* [...block(others, '', look.width), '']
}

function* everyDiff({ clones }: BatchReport, look: Look): Generator<string> {
  for (const clone of clones) {
    if (!isChanged(clone)) continue
    yield* [look.paint('bold', visible(clone.name)), '']
    yield* renderDiffs(clone.changes, look)
  }
}
