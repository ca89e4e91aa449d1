import type { Position, VmcloneError } from '../../errors/index.ts'
import type { Terminal } from '../terminal.ts'
import { block, columnsOf } from './columns.ts'
import { visible, visibleLine } from './escape.ts'
import { renderFaults } from './faults.ts'
import { lookOf } from './paint.ts'

/** An error for a person: the fact with its code, the place, what to do; the causes too if `verbose`. */
export function renderError(
  error: VmcloneError,
  { stderr, environment }: Pick<Terminal, 'stderr' | 'environment'>,
  verbose: boolean,
): string {
  const { width, paint } = lookOf(stderr, environment)
  const [first = '', ...rest] = block(`vmclone-fix: ${visible(error.message)} (${error.code})`, '', width)
  const lines = [
    ...[first, ...rest].map((line) => paint('red', line)),
    ...(error.position === undefined ? [] : place(error.position)),
    ...(error.faults === undefined ? [] : renderFaults(error.faults, width)),
    ...block(visible(error.hint), '  ', width),
    ...(verbose ? causes(error) : []),
  ]
  return `${lines.join('\n')}\n`
}

function place({ file, line, column, text }: Position): string[] {
  const where = `  at ${visible(file)}, line ${line}${column === undefined ? '' : `, column ${column}`}`
  if (text === undefined) return [where]
  const shown = visibleLine(text).slice(0, 200)
  if (column === undefined) return [`${where}:`, `    ${shown}`]
  const before = visibleLine(text.slice(0, column - 1)).replace(/[^\t]/gu, (char) =>
    ' '.repeat(columnsOf(char)),
  )
  return [`${where}:`, `    ${shown}`, ...(before.length < 200 ? [`    ${before}^`] : [])]
}

function causes(error: Error): string[] {
  const lines: string[] = []
  for (
    let cause = error.cause, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth++
  ) {
    lines.push(...(cause.stack ?? cause.message).split('\n').map((line) => `  | ${visible(line)}`))
  }
  return lines
}
