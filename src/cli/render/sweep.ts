import type { Leftover, OldKind, SkipReason, Sweep } from '../../workflow/sweep/types.ts'
import { block, cut } from './columns.ts'
import { visible, visibleLine } from './escape.ts'
import type { Look } from './paint.ts'

/** Lines that are shown of one value. */
const SHOWN = 10
/** Files of one kind that are named. */
const NAMED = 3

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
    ...shown.map(({ path, line, text }) => {
      const place = `    ${visible(path)}:${line}`
      const rest = text === undefined ? '(not shown)' : visibleLine(text).replaceAll('\t', ' ')
      return `${place}  ${paint('dim', cut(rest, Math.max(20, width - place.length - 2)))}`
    }),
    ...(left > 0 ? [`    and ${counted(left, 'more line')}`] : []),
  ]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
