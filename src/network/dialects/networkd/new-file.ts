import { VmcloneError } from '../../../errors/index.ts'
import { parseIni, printIni, SYSTEMD } from '../../../formats/ini-document.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { MacChange } from '../../model.ts'
import { Draft } from './draft.ts'
import { ETC, filesOf, lastValue, readUnits, type Unit } from './files.ts'
import { macsOf, matchOf } from './match.ts'

const OURS = /^\d+-vmclone-nic\d+\.network$/

/** The file that an earlier run made for the NIC that has this MAC now. */
export function ownFile(units: readonly Unit[], { to }: MacChange): Unit | undefined {
  return units.find((unit) => {
    if (!OURS.test(unit.name)) return false
    const macs = macsOf(unit)
    return to === undefined ? macs.length === 0 : macs.length === 1 && macs[0] === to
  })
}

/**
 * A file for one NIC that says what a file for several says, drop-ins included, and is read before it, but behind those
 * of what is stacked on the NIC.
 * Throws NETWORK_UNSUPPORTED if no name sorts before it.
 */
export function copyForNic(tree: GuestTree, unit: Unit, { to }: MacChange): Unit {
  let number = 0
  while (tree.glob(`${ETC}/*-vmclone-nic${number}.network`).length > 0) number++
  const names = prefixes(unit)
    .map((prefix) => `${prefix}-vmclone-nic${number}.network`)
    .filter((one) => one < unit.name)
  const above = stackedUnits(tree).filter((one) => one < unit.name)
  const name = names.find((one) => above.every((other) => other < one)) ?? names[0]
  if (name === undefined)
    throw new VmcloneError('NETWORK_UNSUPPORTED', `no file can be read before ${unit.main.path}`, {
      hint: 'Give it a name that starts with a number above 10 in the template.',
    })
  const text = filesOf(unit)
    .map(({ document }) => printIni(document))
    .map((one) => (one === '' || one.endsWith('\n') ? one : `${one}\n`))
    .join('')
  const main = { path: `${ETC}/${name}`, document: parseIni(text, SYSTEMD), vendor: false }
  const draft = new Draft({ name, main, dropIns: [] })
  if (to === undefined) return draft.unit
  draft.setList('Match', 'PermanentMACAddress', [], [])
  draft.setList('Match', 'MACAddress', [to], ['Name'])
  return draft.unit
}

/** Numbers that a new file's name may start with, the best first: low ones, then those nearest to the unit's own. */
function prefixes({ name }: Unit): string[] {
  const own = /^\d+(?=-)/.exec(name)?.[0] ?? '0'
  const before = String(Math.max(Number(own) - 1, 0)).padStart(own.length, '0')
  return ['10', '0', own, before]
}

/** Files of VLANs and the like: they have the MAC of the NIC below, and a file for that MAC would take them if it came first. */
function stackedUnits(tree: GuestTree): string[] {
  const devices = readUnits(tree, '.netdev').flatMap((unit) => lastValue(unit, 'NetDev', 'Name') ?? [])
  return readUnits(tree, '.network')
    .filter((unit) => devices.includes(matchOf(unit).interfaceName ?? ''))
    .map(({ name }) => name)
}

/** A vendor's file as one of its name in /etc, which takes its place. */
export function copyOfVendor(unit: Unit): Unit {
  return { ...unit, main: { ...unit.main, path: `${ETC}/${unit.name}`, vendor: false } }
}
