import type { Check } from '../../guest/doctor.ts'
import { block, columnsOf, pad } from './columns.ts'
import { visible } from './escape.ts'
import type { Look } from './paint.ts'

const SIGNS = { yes: ['green', 'ok'], limited: ['yellow', 'limited'], no: ['red', 'missing'] } as const

/** What this host can do, and how to get what is missing. */
export function renderDoctor(checks: readonly Check[], { width, paint }: Look): string {
  const names = Math.max(...checks.map(({ name }) => columnsOf(visible(name))))
  const lines = checks.flatMap(({ name, ok, fact, remedy }) => {
    const [format, sign] = SIGNS[ok]
    const indent = ' '.repeat(names + 11)
    const [first = '', ...rest] = block(visible(fact), indent, width)
    return [
      `${paint(format, sign.padEnd(7))}  ${pad(visible(name), names)}  ${first.trimStart()}`,
      ...rest,
      ...(remedy === undefined ? [] : block(`→ ${visible(remedy)}`, indent, width)),
    ]
  })
  return [...lines, '', verdict(checks), ''].join('\n')
}

function verdict(checks: readonly Check[]): string {
  const missing = checks.filter(({ ok }) => ok === 'no').length
  if (missing > 0) return `This host cannot fix clones yet: ${missing} of ${checks.length} checks failed.`
  return checks.some(({ ok }) => ok === 'limited')
    ? 'This host can fix clones, within the limits named.'
    : 'This host can fix clones.'
}
