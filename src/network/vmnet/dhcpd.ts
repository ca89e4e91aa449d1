import { maskToPrefix, parseIpv4 } from '../ipv4.ts'

/** What dhcpd.conf says of one VMnet. Addresses are dotted quads. */
export interface DhcpdConf {
  readonly subnet?: { readonly address: string; readonly prefix: number }
  readonly range?: { readonly first: string; readonly last: string }
  readonly router?: string
  readonly dns: readonly string[]
  /** The host's own adapter: the fixed address of `host vmnetN`. */
  readonly hostAddress?: string
  readonly reservations: readonly { readonly mac: string; readonly address: string }[]
}

/** Reads ISC dhcpd 2 grammar as VMware writes it; what is not understood is passed over. Never fails. */
export function parseDhcpdConf(text: string): DhcpdConf {
  const plain = text.replace(/"[^"\n]*"|#.*/g, (part) => (part.startsWith('#') ? '' : '""'))
  const subnet = /\bsubnet\s+(\S+)\s+netmask\s+(\S+)\s*\{([^{}]*)\}/.exec(plain)
  const body = subnet?.[3] ?? ''
  const address = quad(subnet?.[1])
  const prefix = maskToPrefix(parseIpv4(subnet?.[2] ?? '') ?? 1)
  const range = /\brange\s+(?:dynamic-bootp\s+)?([\d.]+)\s+([\d.]+)\s*;/.exec(body)
  const [first, last] = [quad(range?.[1]), quad(range?.[2])]
  const router = quads(/\boption\s+routers\s+([^;]*);/.exec(body)?.[1])[0]
  const hosts = [...plain.matchAll(/\bhost\s+(\S+?)\s*\{([^{}]*)\}/g)].flatMap(
    ([, name = '', inside = '']) => {
      const mac = /\bhardware\s+ethernet\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s*;/i.exec(inside)?.[1]
      const fixed = quads(/\bfixed-address\s+([^;]*);/.exec(inside)?.[1])[0]
      return mac === undefined || fixed === undefined
        ? []
        : [{ name, mac: mac.toLowerCase(), address: fixed }]
    },
  )
  const own = hosts.find((host) => /^vmnet\d+$/i.test(host.name))
  return {
    ...(address !== undefined && prefix !== undefined && prefix > 0 ? { subnet: { address, prefix } } : {}),
    ...(first !== undefined && last !== undefined ? { range: { first, last } } : {}),
    ...(router === undefined ? {} : { router }),
    dns: quads(/\boption\s+domain-name-servers\s+([^;]*);/.exec(body)?.[1]),
    ...(own ? { hostAddress: own.address } : {}),
    reservations: hosts
      .filter((host) => host !== own)
      .map(({ mac, address: fixed }) => ({ mac, address: fixed })),
  }
}

function quad(text: string | undefined): string | undefined {
  return text !== undefined && parseIpv4(text) !== undefined ? text : undefined
}

/** Usable addresses in a comma list; 0.0.0.0 stands for none. */
function quads(text = ''): string[] {
  return text.split(/[\s,]+/).filter((one) => quad(one) !== undefined && one !== '0.0.0.0')
}
