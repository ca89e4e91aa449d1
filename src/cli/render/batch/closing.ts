import type { BatchClone, BatchReport } from '../../../workflow/batch/types.ts'
import { sayTally } from '../changes.ts'
import { briefOf } from './brief.ts'

/** How many clones came to what. */
export interface Counts {
  readonly total: number
  /** Written in this run. */
  readonly fixed: number
  readonly stamped: number
  readonly edited: number
  readonly unchanged: number
  readonly planned: number
  readonly failed: number
  /** Done by an earlier run. */
  readonly kept: number
  readonly readBack: number
}

export function countsOf(clones: readonly BatchClone[]): Counts {
  const count = (test: (clone: BatchClone) => unknown) => clones.filter(test).length
  const now = ({ status, kept }: BatchClone) => status === 'fixed' && !kept
  return {
    total: clones.length,
    fixed: count(now),
    stamped: count((clone) => now(clone) && clone.how === 'stamped'),
    edited: count((clone) => now(clone) && clone.how === 'edited'),
    unchanged: count(({ status, kept }) => status === 'unchanged' && !kept),
    planned: count(({ status }) => status === 'planned'),
    failed: count(({ status }) => status === 'failed'),
    kept: count(({ kept }) => kept),
    readBack: count(({ readBack }) => readBack),
  }
}

function doneOf(done: number, total: number, report: BatchReport): string {
  if (total === 1) return `${clones(1, report)} ${done === 1 ? 'is' : 'is not'} done`
  return `${done === total ? 'All' : `${done} of`} ${clones(total, report)} are done`
}

function comparedOf({ readBack, fixed, total }: Counts): string {
  const all = fixed === total ? 'All of those' : `All ${fixed} that were made now`
  const many = readBack === 0 ? 'None' : readBack === fixed && fixed > 1 ? all : `${readBack}`
  return `${many} ${readBack < 2 ? 'was' : 'were'} opened once more afterwards and compared.`
}

/** What was made, what failed, and what to do next. */
export function closingOf(report: BatchReport): string {
  const counts = countsOf(report.clones)
  if (counts.planned > 0) return plannedOf(report, counts)
  const { total, fixed, unchanged, kept, failed } = counts
  const done = fixed + unchanged + kept
  const sentences = [`${doneOf(done, total, report)} after ${report.seconds.toFixed(1)} s${ways(counts)}.`]
  if (fixed > 0) sentences.push(comparedOf(counts))
  if (failed > 0) sentences.push(`${failed} failed. ${next(report)}`)
  else if (fixed > 0) sentences.push(`${fixed === 1 ? 'It' : 'They'} can be powered on.`)
  return sentences.join(' ')
}

function next({ template }: BatchReport): string {
  return template === undefined
    ? 'Run the same command again: what is done stays as it is.'
    : 'Run the same command again with --resume: it keeps what is done and does the rest.'
}

function ways({ stamped, edited, unchanged, kept }: Counts): string {
  const parts = [
    ...(stamped > 0 ? [`${stamped} stamped`] : []),
    ...(edited > 0 ? [`${edited} edited`] : []),
    ...(unchanged > 0 ? [`${unchanged} as asked already`] : []),
    ...(kept > 0 ? [`${kept} by an earlier run`] : []),
  ]
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

function plannedOf(report: BatchReport, { planned, kept, unchanged, failed }: Counts): string {
  const planning = report.clones.filter(({ status }) => status === 'planned')
  const counted = sayTally(planning.map((clone) => briefOf(clone).tally))
  const made = report.template === undefined ? 'changed' : 'made'
  return [
    `${clones(planned, report)} would be ${made}, with changes to ${counted || 'no file'}.`,
    ...(kept > 0 ? [`${kept} would be kept.`] : []),
    ...(unchanged > 0 ? [`${unchanged} would stay as they are.`] : []),
    ...(failed > 0 ? [`${failed} cannot be made.`] : []),
    'Nothing was written; run it without --dry-run to do it. Keys are drawn again then, and ids without --seed.',
  ].join(' ')
}

function clones(count: number, { clone, template }: BatchReport): string {
  const kind = clone !== undefined && template !== undefined ? `${clone} ` : ''
  return `${count} ${kind}clone${count === 1 ? '' : 's'}`
}
