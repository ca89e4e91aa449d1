import { parseIpv4, parseNetmask } from '../ipv4.ts'

/** What nat.conf says: [host] ip is gateway and name server of the VMnet. */
export interface NatConf {
  readonly gateway?: string
  readonly prefix?: number
  readonly hostAddress?: string
}

/** Reads nat.conf; what is not understood is passed over. Never fails. */
export function parseNatConf(text: string): NatConf {
  let section = ''
  const host = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const head = /^\s*\[([^\]]*)\]/.exec(line)
    if (head) section = (head[1] as string).toLowerCase()
    const pair = /^\s*([A-Za-z]\w*)\s*=\s*([^#]*?)\s*(#.*)?$/.exec(line)
    if (pair && section === 'host') host.set((pair[1] as string).toLowerCase(), pair[2] as string)
  }
  const [gateway = '', slash = ''] = (host.get('ip') ?? '').split('/')
  const prefix = parseNetmask(slash) ?? parseNetmask(host.get('netmask') ?? '')
  const hostAddress = host.get('hostip') ?? ''
  return {
    ...(parseIpv4(gateway) === undefined ? {} : { gateway }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(parseIpv4(hostAddress) === undefined ? {} : { hostAddress }),
  }
}
