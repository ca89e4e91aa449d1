import { type IniDocument, type IniEntry, iniEntries } from '../../../formats/ini-document.ts'
import { replaceEntries } from '../../../formats/ini-edit.ts'
import { parseIpv4 } from '../../ipv4.ts'
import { canonicalIpv6 } from '../../ipv6.ts'
import { IPV6, type Setting } from './document.ts'

/** "routeN=net/prefix,hop,metric", in the older form with ";". */
export interface RouteLine {
  readonly entry: IniEntry
  /** "10.9.0.0/16" */
  readonly to: string
  /** Empty where there is no next hop. */
  readonly via: string
  /** True if its options say that the hop is on the link. */
  readonly onLink: boolean
}

const KEY = /^routes?\d*$/
const HOP = /^([^/;,\s]+[/;,\s]+\d+[/;,\s]+)[^/;,\s]+/

/** The routes of [ipv4] or [ipv6]. */
export function routeLines(document: IniDocument, setting: Setting): RouteLine[] {
  const own = iniEntries(document).filter(({ section }) => setting.includes(section))
  return own
    .filter(({ key }) => KEY.test(key))
    .map((entry) => {
      const [net = '', prefix = '', via = ''] = entry.value.split(/[/;,\s]+/)
      return { entry, to: `${net}/${prefix}`, via, onLink: /\bonlink=true\b/.test(optionsOf(own, entry)) }
    })
}

/** Default routes that have a next hop, in the main table. */
export function defaultRoutes(document: IniDocument, setting: Setting): RouteLine[] {
  const own = iniEntries(document).filter(({ section }) => setting.includes(section))
  const six = setting === IPV6
  return routeLines(document, setting).filter(({ entry, to, via }) => {
    const hop = six ? canonicalIpv6(via) : parseIpv4(via)
    const elsewhere = /\b(table=(?!254\b)|type=(?!unicast\b))/.test(optionsOf(own, entry))
    return /^(0\.0\.0\.0|::)\/0$/.test(to) && hop !== undefined && !elsewhere
  })
}

/** Gives the first default route this next hop, metric and options as they were, and takes the others out; undefined: all. */
export function setDefaultRoute(
  document: IniDocument,
  setting: Setting,
  gateway: string | undefined,
): IniDocument {
  const [first, ...others] = defaultRoutes(document, setting)
  const kept = gateway === undefined ? undefined : first
  const gone = [...(first && !kept ? [first] : []), ...others].map(({ entry }) => entry)
  const routed = kept
    ? replaceEntries(
        document,
        ({ line }) => line === kept.entry.line,
        [[kept.entry.key, kept.entry.value.replace(HOP, (_, head: string) => head + gateway)]],
        0,
      )
    : document
  return replaceEntries(
    routed,
    ({ section, key, line }) =>
      gone.some((one) => one.line === line || (one.section === section && key === `${one.key}_options`)),
    [],
    0,
  )
}

function optionsOf(entries: readonly IniEntry[], { key }: IniEntry): string {
  return entries.findLast((one) => one.key === `${key}_options`)?.value ?? ''
}
