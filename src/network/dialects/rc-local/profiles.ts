import type { GuestTree } from '../../../guest/tree.ts'
import { isEthernetName } from '../../ethernet.ts'
import type { Ipv4Addressing, Ipv6Addressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import { type IpCommand, ipCommands } from './commands.ts'

export const NAME = 'rc.local'
export const RC_LOCAL = '/etc/rc.local'

/** Interfaces that get an address there. */
export function readProfiles(tree: GuestTree): Profile[] {
  const commands = ipCommands(tree.text(RC_LOCAL) ?? '')
  const names = [
    ...new Set(commands.flatMap(({ cidr, device }) => (cidr && device !== undefined ? [device] : []))),
  ]
  return names.filter(isEthernetName).map((name) => {
    const alone = names.length === 1
    const [ipv4, ipv6] = [ipv4Of(commands, name, alone), ipv6Of(commands, name, alone)]
    const { nameservers, search } = readResolvConf(tree.text(RESOLV_CONF) ?? '')
    const mac = namePins(tree).get(name)
    return {
      dialect: NAME,
      name,
      interfaceName: name,
      file: RC_LOCAL,
      ...(mac === undefined ? {} : { mac }),
      now: {
        ...(ipv4 ? { ipv4 } : {}),
        ...(ipv6 ? { ipv6 } : {}),
        ...(nameservers.length > 0 ? { dns: nameservers } : {}),
        ...(search.length > 0 ? { search } : {}),
      },
      defaultRoute: ipv4?.method === 'static' && ipv4.gateway !== undefined,
    }
  })
}

/** The interface's addresses of a family. */
export function addressesOf(commands: readonly IpCommand[], name: string, family: 4 | 6): IpCommand[] {
  return commands.filter((one) => one.cidr && one.family === family && one.device === name)
}

/** Its default routes: those that name it, and where it is alone those that name none. */
export function routesOf(
  commands: readonly IpCommand[],
  name: string,
  family: 4 | 6,
  alone: boolean,
): IpCommand[] {
  return commands.filter(
    (one) => !one.cidr && one.family === family && (one.device === undefined ? alone : one.device === name),
  )
}

export function ipv4Of(
  commands: readonly IpCommand[],
  name: string,
  alone: boolean,
): Ipv4Addressing | undefined {
  const cidr = addressesOf(commands, name, 4)[0]?.cidr
  const gateway = routesOf(commands, name, 4, alone)[0]?.gateway
  return cidr && { method: 'static', ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

export function ipv6Of(
  commands: readonly IpCommand[],
  name: string,
  alone: boolean,
): Ipv6Addressing | undefined {
  const cidr = addressesOf(commands, name, 6)[0]?.cidr
  const gateway = routesOf(commands, name, 6, alone)[0]?.gateway
  return cidr && { ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}
