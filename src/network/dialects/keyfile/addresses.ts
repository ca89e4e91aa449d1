import { type IniDocument, type IniEntry, iniEntries } from '../../../formats/ini-document.ts'
import { replaceEntries } from '../../../formats/ini-edit.ts'
import { parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import type { Setting } from './document.ts'

/** One address line: "IP/prefix[,gateway]"; the older forms "IP;prefix;gateway;" are read too. */
export interface AddressLine {
  readonly entry: IniEntry
  readonly address: string
  readonly prefix: number
  readonly gateway?: string
}

const KEY = /^address(?:es)?(\d*)$/

/** The addresses of [ipv4] or [ipv6] in the order in which NetworkManager takes them: by number, none first. */
export function addressLines(document: IniDocument, setting: Setting): AddressLine[] {
  const six = setting[0] === 'ipv6'
  return addressEntries(document, setting)
    .map((entry) => ({ entry, number: Number(KEY.exec(entry.key)?.[1] || -1) }))
    .sort((a, b) => a.number - b.number)
    .flatMap(({ entry }) => {
      const [text = '', second = '', third = ''] = entry.value.split(/[/;,\s]+/)
      const [length, router] = /[.:]/.test(second) ? ['', second] : [second, third]
      const address = six ? canonicalIpv6(text) : parseIpv4(text) === undefined ? undefined : text
      const prefix = six ? parsePrefix6(length || '64') : parseNetmask(length || '24')
      if (address === undefined || prefix === undefined) return []
      const gateway = six ? canonicalIpv6(router) : parseIpv4(router) === undefined ? undefined : router
      const none = gateway === undefined || gateway === '0.0.0.0' || gateway === '::'
      return [{ entry, address, prefix, ...(none ? {} : { gateway }) }]
    })
}

/** Takes out every address. */
export function removeAddresses(document: IniDocument, setting: Setting): IniDocument {
  const gone = new Set(addressEntries(document, setting).map(({ line }) => line))
  return replaceEntries(document, ({ line }) => gone.has(line), [], 0)
}

/** Writes an address line anew, in the form that its key has. */
export function writeAddress(
  document: IniDocument,
  line: AddressLine,
  want: { readonly address: string; readonly prefix: number; readonly gateway?: string },
): IniDocument {
  const { address, prefix, gateway } = want
  const same = line.address === address && line.prefix === prefix && line.gateway === gateway
  if (same) return document
  const old = /^[^/]*;/.test(line.entry.value)
  const parts = [address, String(prefix), ...(gateway === undefined ? [] : [gateway])]
  const value = old
    ? `${parts.join(';')};`
    : `${address}/${prefix}${gateway === undefined ? '' : `,${gateway}`}`
  return replaceEntries(document, (one) => one.line === line.entry.line, [[line.entry.key, value]], 0)
}

function addressEntries(document: IniDocument, setting: Setting): IniEntry[] {
  const last = new Map<string, IniEntry>()
  for (const entry of iniEntries(document))
    if (setting.includes(entry.section) && KEY.test(entry.key)) last.set(entry.key, entry)
  return [...last.values()]
}
