import { isIPv4, isIPv6 } from 'node:net'
import { isMapping, type YamlData } from '../../../formats/yaml-spans.ts'

/** netplan's words for true. */
export function isTrue(text: string | undefined): boolean {
  return /^(true|on|yes|y)$/i.test(text ?? '')
}

/** A boolean in the words and letter case of the one that stood there. */
export function sayAs(value: boolean, old: string): string {
  const pair = PAIRS.find((words) => words.includes(old.toLowerCase())) ?? PAIRS[0]
  const word = pair[value ? 0 : 1]
  if (/^[A-Z]+$/.test(old)) return word.toUpperCase()
  return /^[A-Z]/.test(old) ? word.charAt(0).toUpperCase() + word.slice(1) : word
}

const PAIRS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['y', 'n'],
]

/** An entry of `addresses`: the text itself, or the only key of a mapping that gives it a label or lifetime. */
export function entryText(value: YamlData): string {
  if (typeof value === 'string') return value
  const [key] = isMapping(value) ? value.keys() : []
  return key ?? ''
}

/** Family of an address with or without prefix; undefined for anything else. */
export function familyOf(text: string): 4 | 6 | undefined {
  const [address = ''] = text.split('/')
  if (isIPv4(address)) return 4
  return isIPv6(address) ? 6 : undefined
}

/** Family of a default route in the main table; undefined if it is another route. */
export function defaultFamily(route: YamlData): 4 | 6 | undefined {
  if (!isMapping(route)) return undefined
  const text = (key: string): string => {
    const value = route.get(key)
    return typeof value === 'string' ? value : ''
  }
  if (!['', '254', 'main'].includes(text('table')) || !['', 'unicast'].includes(text('type')))
    return undefined
  if (/^0(\.0){0,3}\/0$/.test(text('to'))) return 4
  if (/^(0::|::|0::0|::0)\/0$/.test(text('to'))) return 6
  return text('to') === 'default' ? (familyOf(text('via')) ?? 4) : undefined
}

/** Gateway of a route. */
export function viaOf(route: YamlData): string | undefined {
  const via = isMapping(route) ? route.get('via') : undefined
  return typeof via === 'string' && via !== '' ? via : undefined
}
