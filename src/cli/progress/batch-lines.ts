import { CLONE_STEPS, type CloneStep } from '../../events.ts'
import { columnsOf, cut, fold } from '../render/columns.ts'
import { visible } from '../render/escape.ts'
import type { BatchState, Failure } from './batch-state.ts'
import { leftOf } from './estimate.ts'

/** "412 of 1000 clones, 2 failed, about 40 s left", in as many words as the columns allow. */
export function totalLine(
  { total, done, kept, failed }: BatchState,
  left: number | undefined,
  width: number,
): string {
  const finished = done + kept
  const failures = failed > 0 ? `, ${failed} failed` : ''
  const long = `${finished} of ${total} clone${total === 1 ? '' : 's'}`
  const rest = left === undefined ? '' : `, ${leftOf(left)}`
  const short = `${finished}/${total}`
  const choices = [
    ...(kept > 0 ? [`${long} (${kept} by an earlier run)${failures}${rest}`] : []),
    `${long}${failures}${rest}`,
    `${long}${failures}`,
    `${short}${failures}`,
    short,
  ]
  return cut(choices.find((text) => columnsOf(text) <= width) ?? short, width)
}

/** "3 writing the changes, 1 reading back": what is being done now, in as many words at any number of clones. */
export function stepsLine({ current, total }: BatchState): string {
  const counts = new Map<CloneStep, number>()
  for (const { step } of current) counts.set(step, (counts.get(step) ?? 0) + 1)
  return [...counts].map(([step, count]) => (total === 1 ? '' : `${count} `) + CLONE_STEPS[step]).join(', ')
}

/** What is being done now, a line for each clone, no more than `most`. */
export function currentLines(state: BatchState, most: number, width: number): string[] {
  const current = state.current
  if (most < 1) return []
  const shown = current.length <= most ? current : current.slice(0, most - 1)
  const names = shown.map(({ name }) => cut(visible(name), Math.max(8, Math.floor(width / 2))))
  const widest = Math.max(0, ...names.map(columnsOf))
  const lines = shown.map(({ step }, index) => {
    const name = names[index] ?? ''
    return cut(`${name}${' '.repeat(widest - columnsOf(name))}  ${CLONE_STEPS[step]}`, width)
  })
  const more = current.length - shown.length
  return more > 0 ? [...lines, cut(`and ${more} more`, width)] : lines
}

/** "node7 failed: the disk is full (DISK_FULL)", over as many lines as it takes. */
export function failureLines(failure: Failure, width: number): string[] {
  return fold(failureText(failure), width)
}

export function failureText({ name, error }: Failure): string {
  return visible(`${name} failed${error === undefined ? '' : `: ${error.message} (${error.code})`}`)
}
