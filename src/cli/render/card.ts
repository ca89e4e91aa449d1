import type { CardNic, IdentityCard } from '../../workflow/report.ts'
import { block, columnsOf, pad } from './columns.ts'
import { visible } from './escape.ts'
import type { Look } from './paint.ts'

type Row = readonly [label: string, was: string | undefined, is: string | undefined]

const NO_PROFILE = 'no profile in the guest'

/** What a VM (or a guest without one) was and is, or is to be, as "old → new"; what stays is said once. */
export function renderCard(was: IdentityCard | undefined, is: IdentityCard, look: Look, vm = true): string[] {
  const rows: Row[] = [
    ['Display name', was?.displayName, is.displayName],
    ['Host name', was?.hostname, is.hostname],
    ['UUID', was?.uuid, is.uuid],
    ['Machine ID', was?.machineId, is.machineId],
  ]
  const nics = is.nics.flatMap((nic) =>
    nicRows(
      was?.nics.find(({ device }) => device === nic.device),
      nic,
      vm,
    ),
  )
  const keys = is.sshHostKeys.map(({ type, fingerprint }): Row => {
    const old = was?.sshHostKeys.find((key) => key.type === type)?.fingerprint
    const text = `${type} ${fingerprint}`
    return ['SSH host key', old === fingerprint ? text : undefined, text]
  })
  return [...rows, ...nics, ...keys].flatMap((row) => renderRow(row, look))
}

function nicRows(was: CardNic | undefined, is: CardNic, vm: boolean): Row[] {
  const list = (values: readonly string[] | undefined) => (values?.length ? values.join(', ') : undefined)
  const profile = is.profile && `${is.profile}${is.dialect === undefined ? '' : ` (${is.dialect})`}`
  const unknown = vm ? 'made by VMware at power-on' : was?.mac && 'not known'
  return [
    [is.device, profile ?? (vm ? NO_PROFILE : undefined), profile ?? (vm ? NO_PROFILE : undefined)],
    ['  MAC', was?.mac, is.mac ?? unknown],
    ['  IPv4', was?.ipv4, is.ipv4],
    ['  IPv6', was?.ipv6, is.ipv6],
    ['  Gateway', was?.gateway, is.gateway],
    ['  DNS', list(was?.dns), list(is.dns)],
  ]
}

function renderRow([label, was, is]: Row, { width, paint }: Look): string[] {
  if (was === undefined && is === undefined) return []
  const head = `  ${pad(visible(label), 14)}  `
  const now = visible(is ?? 'none')
  const before = visible(was ?? '')
  if (was === is) return hanging(head, now, width)
  if (was === undefined) return hanging(head, now, width).map((line) => paintFrom(head, line, paint))
  if (columnsOf(head + before) + 3 + columnsOf(now) <= width) {
    return [`${head}${paint('dim', before)} → ${paint('green', now)}`]
  }
  const arrow = `${' '.repeat(columnsOf(head))}→ `
  return [
    ...hanging(head, before, width).map((line) => paintFrom(head, line, paint, 'dim')),
    ...hanging(arrow, now, width).map((line) => paintFrom(arrow, line, paint)),
  ]
}

/** Wraps a value behind its label. */
function hanging(head: string, text: string, width: number): string[] {
  const indent = ' '.repeat(columnsOf(head))
  return block(text, indent, width).map(
    (line, index) => (index === 0 ? head : indent) + line.slice(indent.length),
  )
}

function paintFrom(
  head: string,
  line: string,
  paint: Look['paint'],
  format: 'green' | 'dim' = 'green',
): string {
  return line.slice(0, head.length) + paint(format, line.slice(head.length))
}
