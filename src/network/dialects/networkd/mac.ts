import type { MacChange } from '../../model.ts'
import type { Draft } from './draft.ts'
import { canonicalMac, macsOf } from './match.ts'
import { located } from './read.ts'

/**
 * Old MACs go from the files: a match follows the new address, or goes; an override of the NIC's own file goes, that of a
 * bond or bridge follows. `own`: the NIC's own file.
 */
export function editMac(draft: Draft, mac: MacChange, own: boolean): void {
  const { from, to } = mac
  if (!from.some((old) => old !== to)) return
  const pinned = own && macsOf(draft.unit).length === 1
  for (const one of located(draft.unit).reverse()) {
    const { section, key, value } = one.entry
    if (key !== 'MACAddress' && key !== 'PermanentMACAddress') continue
    const words = value.split(/\s+/).filter(Boolean)
    const old = (word: string) => {
      const mac = canonicalMac(word)
      return mac !== to && (from.includes(mac) || (pinned && section === 'Match' && !mac.startsWith('!')))
    }
    if (section === 'Link' && (own || words.some(old))) draft.replace(one, undefined)
    else if (words.some(old)) {
      const next = words.flatMap((word) =>
        old(word) ? (to === undefined ? [] : [spelled(word, to)]) : [word],
      )
      draft.replace(one, next.length === 0 ? undefined : [...new Set(next)].join(' '))
    }
  }
  // Without any match a file is passed over, or taken for every interface, loopback included.
  const bare = !located(draft.unit).some(({ entry }) => entry.section === 'Match')
  if (own && pinned && bare) draft.add('Match', ['Name', 'en* eth*'], [])
}

/** The address in the letters and separators of the old one. */
function spelled(old: string, mac: string): string {
  const separated = old.includes('-') ? mac.replaceAll(':', '-') : mac
  return /[A-F]/.test(old) ? separated.toUpperCase() : separated
}
