import type { Leftover, OldKind, SkipReason, Sweep } from '../../workflow/sweep/types.ts'
import { block, columnsOf, cut, cutAround } from './columns.ts'
import { visible, visibleLine } from './escape.ts'
import type { Look } from './paint.ts'

/** Lines that are shown of one value. */
const SHOWN = 10
/** Files of one kind that are named. */
const NAMED = 3
/** Columns for a line of a file; with fewer beside its place it stands beneath it. */
const LEAST = 20

const KINDS: Readonly<Record<OldKind, string>> = {
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  mac: 'MAC address',
  hostname: 'host name',
  'machine-id': 'machine ID',
  uuid: 'UUID',
  'storage-id': 'storage UUID',
}

const REASONS: Readonly<Record<SkipReason, string>> = {
  absent: 'not there',
  binary: 'binary, with an old value in it',
  large: 'larger than 1 MiB',
  unreadable: 'not readable',
  many: 'too many files to be read',
}

/** What a sweep found, value by value; nothing if nothing was found and nothing skipped. */
export function renderSweep(sweep: Sweep | undefined, look: Look, whose = ''): string[] {
  if (sweep === undefined) return []
  const { leftovers, more } = sweep
  const values = new Map<string, Leftover[]>()
  for (const one of leftovers) {
    const key = oldValueOf(one)
    values.set(key, [...(values.get(key) ?? []), one])
  }
  const lines = [
    ...[...values].flatMap(([value, found]) => valueLines(value, found, look)),
    ...(more > 0 ? [`- and ${counted(more, 'more line')} that ${more === 1 ? 'is' : 'are'} not listed`] : []),
    ...skippedSentences(sweep).flatMap((text) => block(visible(text), '  ', look.width)),
  ]
  if (lines.length === 0) return []
  return [look.paint('bold', `Still names the old machine${whose}`), ...lines, '']
}

/** "Not searched: /etc/a, /etc/b (larger than 1 MiB)." and so on, one for each reason. */
export function skippedSentences({ skipped }: Sweep): string[] {
  return (Object.keys(REASONS) as SkipReason[]).flatMap((reason) => {
    const paths = skipped.filter(({ why }) => why === reason).map(({ path }) => path)
    if (paths.length === 0) return []
    const rest = paths.length > NAMED + 1 ? ` and ${paths.length - NAMED} more files` : ''
    return [`Not searched: ${(rest ? paths.slice(0, NAMED) : paths).join(', ')}${rest} (${REASONS[reason]}).`]
  })
}

/** "host name web1" */
export function oldValueOf({ what, value }: Leftover): string {
  return `${KINDS[what]} ${value}`
}

function valueLines(value: string, found: readonly Leftover[], { width, paint }: Look): string[] {
  const shown = found.length <= SHOWN + 1 ? found : found.slice(0, SHOWN)
  const left = found.length - shown.length
  return [
    `- ${visible(value)}`,
    ...shown.flatMap((one) => {
      const place = `    ${visible(one.path)}:${one.line}`
      const room = width - columnsOf(place) - 2
      if (room >= LEAST) return [`${place}  ${paint('dim', textOf(one, room))}`]
      return [place, `      ${paint('dim', textOf(one, width - 6))}`]
    }),
    ...(left > 0 ? [`    and ${counted(left, 'more line')}`] : []),
  ]
}

/** The line with the value in it, in no more than `room` columns. */
function textOf({ text, value }: Leftover, room: number): string {
  if (text === undefined) return '(not shown)'
  const line = visibleLine(text).replaceAll('\t', ' ')
  const from = line.toLowerCase().indexOf(value.toLowerCase())
  return from < 0 ? cut(line, room) : cutAround(line, from, from + value.length, room)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
