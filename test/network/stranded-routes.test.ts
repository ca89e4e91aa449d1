import { expect, it } from 'vitest'
import type { NicAddressing } from '../../src/network/model.ts'
import { ethernet, keyfileGuest, profileFile, runKeyfile } from '../support/keyfile-guest.ts'
import { netplanGuest, run as runNetplan } from '../support/netplan-guest.ts'
import { networkdGuest, runNetworkd } from '../support/networkd-guest.ts'

const NEAR: NicAddressing = {
  ipv4: { method: 'static', address: '10.0.0.9', prefix: 24, gateway: '10.0.0.1' },
}
const FAR: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.9', prefix: 24, gateway: '192.168.8.2' },
}

const netplan = (route: string) =>
  netplanGuest(
    `network:\n  ethernets:\n    ens33:\n      addresses: [10.0.0.5/24]\n      routes:\n      - {to: default, via: 10.0.0.1}\n      - {to: 10.9.0.0/16, ${route}}\n`,
  )
const keyfile = (route: string) =>
  keyfileGuest(
    profileFile('ens33', ethernet(`[ipv4]\nmethod=manual\naddress1=10.0.0.5/24,10.0.0.1\n${route}\n`)),
  )
const networkd = (route: string) =>
  networkdGuest({
    '20-lan.network': `[Match]\nName=ens33\n[Network]\nAddress=10.0.0.5/24\nGateway=10.0.0.1\n[Route]\nDestination=10.9.0.0/16\n${route}\n`,
  })

const CASES: readonly (readonly [string, (want: NicAddressing) => readonly string[], lost: boolean])[] = [
  ['netplan', (want) => runNetplan(netplan('via: 10.0.0.254'), want).codes, true],
  ['netplan, on-link', (want) => runNetplan(netplan('via: 10.0.0.254, on-link: true'), want).codes, false],
  ['netplan, IPv6', (want) => runNetplan(netplan('via: "fd00::1"'), want).codes, false],
  ['keyfile', (want) => runKeyfile(keyfile('route1=10.9.0.0/16,10.0.0.254,50'), want).codes, true],
  [
    'keyfile, old form',
    (want) => runKeyfile(keyfile('routes1=10.9.0.0;16;10.0.0.254;50;'), want).codes,
    true,
  ],
  [
    'keyfile, on-link',
    (want) =>
      runKeyfile(keyfile('route1=10.9.0.0/16,10.0.0.254\nroute1_options=mtu=1400,onlink=true'), want).codes,
    false,
  ],
  ['keyfile, by the interface', (want) => runKeyfile(keyfile('route1=10.9.0.0/16'), want).codes, false],
  ['networkd', (want) => runNetworkd(networkd('Gateway=10.0.0.254'), want).codes, true],
  [
    'networkd, on-link',
    (want) => runNetworkd(networkd('Gateway=10.0.0.254\nGatewayOnLink=yes'), want).codes,
    false,
  ],
]

it.each(CASES)('%s: a route by a gateway of the old subnet is told', (_, codes, lost) => {
  expect(codes(NEAR)).toEqual([])
  expect(codes(FAR)).toEqual(lost ? ['route-stranded'] : [])
  expect(codes({ ipv4: { method: 'dhcp' } })).toEqual([])
})
