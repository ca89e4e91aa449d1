import { type IniDocument, type IniEntry, iniEntries } from '../../../formats/ini-document.ts'
import { replaceEntries } from '../../../formats/ini-edit.ts'
import { connectionUuid } from '../../connection-uuid.ts'
import type { MacChange } from '../../model.ts'
import type { Connection } from './connections.ts'
import { CONNECTION, ETHERNET, setValue } from './document.ts'

const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i

/** True if the NIC gets another MAC. */
export function changesMac({ from, to }: MacChange): boolean {
  return from.some((mac) => mac !== to)
}

/** Old MACs go from a profile: a pin follows the new one, or goes; an override goes. `own`: the NIC's own profile. */
export function editMac(document: IniDocument, mac: MacChange, own: boolean): IniDocument {
  if (!changesMac(mac)) return document
  const old = (value: string) => mac.from.includes(canonical(value)) && canonical(value) !== mac.to
  return iniEntries(document)
    .filter(({ key, value }) => /^(cloned-)?mac-address$/.test(key) && MAC.test(value))
    .reduce((next, { section, key, value }) => {
      const ethernet = ETHERNET.includes(section)
      const ours = own && ethernet && canonical(value) !== mac.to
      if (!old(value) && !ours) return next
      const gone = mac.to === undefined || (key === 'cloned-mac-address' && ethernet)
      return setValue(next, [section], key, gone ? undefined : spelled(value, mac.to ?? ''))
    }, document)
}

/** A UUID of its own for a clone's profile, which is also when it was last used by nobody yet. */
export function renewUuid(one: Connection, mac: MacChange): { document: IniDocument; uuid?: string } {
  const uuid = connectionUuid(mac, one.path.slice(one.path.lastIndexOf('/') + 1))
  if (uuid === undefined || one.uuid === undefined) return { document: one.document }
  const dated = setValue(one.document, CONNECTION, 'timestamp', undefined)
  return { document: setValue(dated, CONNECTION, 'uuid', uuid), uuid }
}

/** What names connections by these UUIDs names them by the new ones. */
export function followUuids(document: IniDocument, renewed: ReadonlyMap<string, string>): IniDocument {
  const refers = ({ key }: IniEntry) => /^(controller|master|parent|secondaries)$/.test(key)
  return iniEntries(document)
    .filter(refers)
    .reduce((next, entry) => {
      const value = entry.value.replace(/[0-9a-f-]{36}/gi, (uuid) => renewed.get(uuid) ?? uuid)
      return replaceEntries(next, ({ line }) => line === entry.line, [[entry.key, value]], 0)
    }, document)
}

function canonical(mac: string): string {
  return mac.toLowerCase().replaceAll('-', ':')
}

function spelled(old: string, mac: string): string {
  const text = old.includes('-') ? mac.replaceAll(':', '-') : mac
  return /[a-f]/.test(old) ? text : text.toUpperCase()
}
