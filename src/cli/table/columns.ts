import { nearestName } from '../nearest.ts'
import { NIC_PARTS } from '../options/nic.ts'
import type { OptionName } from '../options/table.ts'
import type { TableRecord } from './records.ts'

/** One column of a table. */
export interface Column {
  /** As the table is to have it, in lower case. */
  readonly name: string
  /** Index of its cells. */
  readonly index: number
  readonly means:
    | { readonly kind: 'name' | 'vmx' }
    | { readonly kind: 'option'; readonly option: OptionName }
    | { readonly kind: 'nic'; readonly device: string; readonly part: string }
}

/** What is wrong with a header. */
export interface HeaderFault {
  readonly column?: string
  readonly message: string
  readonly hint: string
}

/** Columns that mean what the option of that name means. */
const OPTION_COLUMNS = [
  'ip',
  'prefix',
  'netmask',
  'gateway',
  'dns',
  'search',
  'ip6',
  'gateway6',
  'dhcp',
  'profile',
  'hostname',
  'mac',
  'uuid',
  'machine-id',
  'ssh-keys',
  'hosts',
] as const satisfies readonly OptionName[]

const PARTS = [...Object.keys(NIC_PARTS).filter((part) => part !== 'old-mac'), 'dhcp']
const PLAIN = ['name', 'vmx', ...OPTION_COLUMNS]

/** The columns of a header. One that is wrong is left out, so that the others can be read. */
export function readHeader({ cells }: TableRecord): { columns: Column[]; faults: HeaderFault[] } {
  const columns: Column[] = []
  const faults: HeaderFault[] = []
  const seen = new Set<string>()
  for (const [index, cell] of cells.entries()) {
    const name = cell.toLowerCase()
    if (name === '') continue
    const means = meaningOf(name)
    if (means === undefined) {
      faults.push({ column: cell, message: 'there is no such column', hint: hintFor(name) })
    } else if (seen.has(name)) {
      faults.push({ column: name, message: 'stands in the header twice', hint: 'Remove one of the two.' })
    } else {
      seen.add(name)
      columns.push({ name, index, means })
    }
  }
  if (!seen.has('name')) {
    const fault = {
      message: 'the header has no column "name"',
      hint: 'The first line names the columns; name is needed, such as "name,ip,gateway".',
    }
    // Where no column is known, the first line is surely a row.
    if (columns.length === 0) return { columns, faults: [fault] }
    faults.unshift(fault)
  }
  return { columns, faults }
}

function meaningOf(name: string): Column['means'] | undefined {
  if (name === 'name' || name === 'vmx') return { kind: name }
  const option = OPTION_COLUMNS.find((one) => one === name)
  if (option !== undefined) return { kind: 'option', option }
  const [, number, part = ''] = /^nic(0|[1-9]\d?)\.(.+)$/.exec(name) ?? []
  if (number === undefined || !PARTS.includes(part)) return undefined
  return { kind: 'nic', device: `ethernet${number}`, part }
}

function hintFor(name: string): string {
  const card = /^(?:nic|ethernet|eth)\s*(\d{1,2})\s*[._ -]?\s*(.*)$/.exec(name)
  if (card !== null) {
    const part = nearestName(card[2] ?? '', PARTS)
    const meant = part === undefined ? '' : ` Did you mean nic${Number(card[1])}.${part}?`
    return `Columns of a card are nic1.ip and the like, with ${PARTS.join(', ')}.${meant}`
  }
  const plain = name.replace(/[\s_]+/g, '-')
  const meant = ALIASES[plain.replaceAll('-', '')] ?? nearestName(plain, PLAIN)
  return meant === undefined
    ? `There are ${PLAIN.join(', ')}, and nic1.ip and the like.`
    : `Did you mean ${meant}?`
}

/** What people call them who know other tools. */
const ALIASES: Readonly<Record<string, string>> = {
  vm: 'name',
  vmname: 'name',
  displayname: 'name',
  host: 'hostname',
  fqdn: 'hostname',
  ipaddress: 'ip',
  address: 'ip',
  ipv4: 'ip',
  ipv6: 'ip6',
  mask: 'netmask',
  subnetmask: 'netmask',
  subnet: 'netmask',
  router: 'gateway',
  gw: 'gateway',
  defaultgateway: 'gateway',
  nameserver: 'dns',
  nameservers: 'dns',
  dnsserver: 'dns',
  dnsservers: 'dns',
  domain: 'search',
  macaddress: 'mac',
  biosuuid: 'uuid',
}
