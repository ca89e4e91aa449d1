import { VmcloneError } from '../../../errors/index.ts'
import { parseIni, printIni, SYSTEMD } from '../../../formats/ini-document.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { MacChange } from '../../model.ts'
import { Draft } from './draft.ts'
import { ETC, filesOf, type Unit } from './files.ts'
import { macsOf } from './match.ts'

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
 * A file for one NIC that says what a file for several says, drop-ins included, and is read before it.
 * Throws NETWORK_UNSUPPORTED if no name sorts before it.
 */
export function copyForNic(tree: GuestTree, unit: Unit, { to }: MacChange): Unit {
  let number = 0
  while (tree.glob(`${ETC}/*-vmclone-nic${number}.network`).length > 0) number++
  const name = ['10', '0']
    .map((prefix) => `${prefix}-vmclone-nic${number}.network`)
    .find((one) => one < unit.name)
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

/** A vendor's file as one of its name in /etc, which takes its place. */
export function copyOfVendor(unit: Unit): Unit {
  return { ...unit, main: { ...unit.main, path: `${ETC}/${unit.name}`, vendor: false } }
}
