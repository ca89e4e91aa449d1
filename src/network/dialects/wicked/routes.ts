import { editLines, lineEndOf, splitLines } from '../../../formats/lines.ts'
import { inSubnet, parseIpv4 } from '../../ipv4.ts'
import { canonicalIpv6, inSubnet6 } from '../../ipv6.ts'

/** A default route: one line of ifroute-* or routes (ifroute(5): destination, gateway, netmask, interface). */
export interface DefaultRoute {
  readonly family: 4 | 6
  readonly gateway: string
  /** Absent where the line names none. */
  readonly device?: string
}

/** The default route in a line, if it holds one that leads through a gateway. */
export function defaultRoute(line: string): DefaultRoute | undefined {
  const [to = '', by = '', , device = '-'] = line.trim().split(/\s+/)
  const via = parseIpv4(by) === undefined ? canonicalIpv6(by) : by
  if (via === undefined || !/^(default|0\.0\.0\.0(\/0)?|::\/0)$/.test(to)) return undefined
  const family = via.includes(':') ? 6 : 4
  if (to.startsWith('0.') ? family === 6 : to.startsWith(':') && family === 4) return undefined
  return { family, gateway: via, ...(device === '-' ? {} : { device }) }
}

/** Every default route of a file, in order. */
export function defaultRoutes(text: string): DefaultRoute[] {
  return splitLines(text).flatMap((line) => defaultRoute(line.text) ?? [])
}

/** Gives the first default route that fits another gateway; undefined takes all that fit out. All other lines stay. */
export function setDefaultRoute(
  text: string,
  fits: (route: DefaultRoute) => boolean,
  gateway: string | undefined,
): string {
  let done = false
  return editLines(text, (line) => {
    const route = defaultRoute(line)
    if (!route || !fits(route)) return line
    if (gateway === undefined || done) return undefined
    done = true
    if (route.gateway === gateway) return line
    return line.replace(/^(\s*\S+\s+)\S+/, (_, before: string) => before + gateway)
  })
}

export function addDefaultRoute(text: string, gateway: string, device: string): string {
  const end = lineEndOf(splitLines(text))
  const gap = text === '' || text.endsWith('\n') ? '' : end
  return `${text}${gap}default ${gateway} - ${device}${end}`
}

/**
 * True if a default route in the routes of all interfaces is this one's: it names it, or leads through one of its subnets,
 * or no other interface can have it.
 */
export function isOurs(
  { device, gateway, family }: DefaultRoute,
  own: {
    readonly device: string | undefined
    readonly subnets: readonly { address: string; prefix: number }[]
    readonly alone: boolean
  },
): boolean {
  if (device !== undefined) return device === own.device
  const near = family === 4 ? inSubnet : inSubnet6
  const subnets = own.subnets.filter(({ address }) => address.includes(':') === (family === 6))
  return own.alone || subnets.some((subnet) => near(gateway, subnet))
}
