import { allValues, type Unit, wordsOf } from './files.ts'

/** Keys of [Match] whose effect is known while the guest is off. */
const KNOWN = ['Name', 'MACAddress', 'PermanentMACAddress', 'Type', 'Kind', 'Virtualization']

const VIRTUAL =
  /^(lo|wl.*|ww.*|docker.*|virbr.*|veth.*|vb-.*|ve-.*|vz-.*|vt-.*|host\d+|tun.*|tap.*|wg.*|dummy.*|ib.*|can.*|cni.*|cali.*|flannel.*)$/

/** What a .network file's [Match] section says of an adapter of the VM. */
export interface Match {
  /** False if it surely fits no ethernet adapter of a VMware VM, and no device that the files define. */
  readonly ethernet: boolean
  /** The one name that it fits, if it names one. */
  readonly interfaceName?: string
  /** Lower case with colons. */
  readonly macs: readonly string[]
  /** True if it may fit several adapters. */
  readonly shared: boolean
  /** Keys that cannot be judged offline. */
  readonly unknown: readonly string[]
}

export function matchOf(unit: Unit): Match {
  const names = wordsOf(unit, 'Match', 'Name')
  const macs = macsOf(unit)
  const literal = names.length === 1 && !/[*?![\]]/.test(names[0] as string) ? names[0] : undefined
  const positive = names.filter((name) => !name.startsWith('!'))
  const virtual =
    positive.length > 0 &&
    !names.some((name) => name.startsWith('!')) &&
    positive.every((one) => VIRTUAL.test(one))
  return {
    ethernet: !virtual && isEthernet(unit),
    ...(literal === undefined ? {} : { interfaceName: literal }),
    macs,
    shared: literal === undefined && macs.length !== 1,
    unknown: keysOf(unit).filter((key) => !KNOWN.includes(key)),
  }
}

/** Addresses that [Match] names. */
export function macsOf(unit: Unit): string[] {
  return ['PermanentMACAddress', 'MACAddress']
    .flatMap((key) => wordsOf(unit, 'Match', key))
    .map(canonicalMac)
    .filter((mac) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac))
}

/** "00-0C-29-…", "000c.29aa.bbcc" and the like, lower case with colons. */
export function canonicalMac(text: string): string {
  const digits = text.toLowerCase().replace(/[:.-]/g, '')
  return digits.match(/../g)?.join(':') ?? ''
}

function isEthernet(unit: Unit): boolean {
  const type = wordsOf(unit, 'Match', 'Type')
  const kind = wordsOf(unit, 'Match', 'Kind')
  const machine = allValues(unit, 'Match', 'Virtualization').at(-1)
  if (!fits(type, ['ether', 'bond', 'bridge', 'vlan'])) return false
  if (kind.length > 0 && !kind.includes('!*') && !fits(kind, ['bond', 'bridge', 'vlan'])) return false
  return machine === undefined || /^(yes|true|1|on|vm|vmware|!container|!no)$/.test(machine)
}

/** True if a list of patterns, negated as a whole by "!", takes one of these words. */
function fits(patterns: readonly string[], words: readonly string[]): boolean {
  const [first = ''] = patterns
  const negated = first.startsWith('!')
  const plain = patterns.map((one) => one.replace(/^!/, ''))
  const hit = (word: string) => plain.some((one) => one === '*' || one === word)
  if (patterns.length === 0) return true
  return negated ? !hit(words[0] as string) : words.some(hit)
}

function keysOf(unit: Unit): string[] {
  const entries = [unit.main, ...unit.dropIns].flatMap(({ document }) => document.lines)
  let section = ''
  return entries.flatMap(({ kind, name }) => {
    if (kind === 'section') section = name
    return kind === 'entry' && section === 'Match' ? [name] : []
  })
}
