import { type IniDocument, iniEntries, iniSections } from '../../../formats/ini-document.ts'
import { addSection, replaceEntries } from '../../../formats/ini-edit.ts'

/** Group names of one setting: the first is written, each is read. */
export type Setting = readonly [string, ...string[]]

export const CONNECTION: Setting = ['connection']
export const ETHERNET: Setting = ['ethernet', '802-3-ethernet']
export const IPV4: Setting = ['ipv4']
export const IPV6: Setting = ['ipv6']
export const VLAN: Setting = ['vlan']

/** Value of a key; groups of one name are one, and the last line counts. */
export function valueIn(document: IniDocument, setting: Setting, key: string): string | undefined {
  return iniEntries(document).findLast((one) => setting.includes(one.section) && one.key === key)?.value
}

/** Elements of a list: ";" between them, the last one optional. */
export function listOf(document: IniDocument, setting: Setting, key: string): string[] {
  return (valueIn(document, setting, key) ?? '')
    .split(/[;,]/)
    .map((one) => one.trim())
    .filter(Boolean)
}

/** A GLib string without its escapes. */
export function plainText(value: string): string {
  const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r' }
  return value.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|y|yes|t|true|on)$/i.test(value)
}

/** Gives a key its value, or takes it out; a group that is missing is added at the end. */
export function setValue(
  document: IniDocument,
  setting: Setting,
  key: string,
  value: string | undefined,
  after: readonly string[] = [],
): IniDocument {
  if (valueIn(document, setting, key) === value) return document
  const ours = (one: { section: string; key: string }) => setting.includes(one.section) && one.key === key
  if (value === undefined) return replaceEntries(document, ours, [], 0)
  const home = iniSections(document).find(({ name }) => setting.includes(name))
  if (!home) return addSection(document, setting[0], [[key, value]])
  return replaceEntries(document, ours, [[key, value]], home.ordinal, after)
}

/** Gives a key its list, in the way that NetworkManager writes lists. */
export function setList(
  document: IniDocument,
  setting: Setting,
  key: string,
  list: readonly string[],
  after: readonly string[],
): IniDocument {
  const now = listOf(document, setting, key)
  if (now.length === list.length && now.every((one, i) => one === list[i])) return document
  const open = valueIn(document, setting, key)?.endsWith(';') === false ? '' : ';'
  const value = list.length === 0 ? undefined : list.join(';') + open
  return setValue(document, setting, key, value, after)
}
