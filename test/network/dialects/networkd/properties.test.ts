import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { networkd } from '../../../../src/network/dialects/networkd.ts'
import { DHCP, nameServers, staticIpv4 } from '../../../support/addressing.ts'
import {
  ETC,
  networkdGuest,
  networkdProfile,
  RESOLVED,
  runNetworkd,
} from '../../../support/networkd-guest.ts'

const line = fc.constantFrom(
  '# note',
  '; other',
  '',
  'IPv6AcceptRA=no',
  'Address=10.0.0.9/24',
  'Address = fd00::9/64',
  'Gateway=10.0.0.1',
  'Gateway=fe80::1',
  'DNS=9.9.9.9 8.8.8.8',
  'DNS=fd00::53',
  'Domains=lab.example \\\n  ~corp',
)
const section = fc.constantFrom(
  '[Address]\nAddress=10.0.0.8/24\nLabel=x',
  '[Address]\n# six\nAddress=fd00::8/64',
  '[Route]\nGateway=10.0.0.1\nMetric=5',
  '[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.7',
  '[Route]\nDestination=0.0.0.0/0\nGateway=10.0.0.6',
  '[Link]\nMTUBytes=1400',
)
const file = fc
  .record({
    dhcp: fc.constantFrom('', 'DHCP=yes', 'DHCP=ipv4', 'DHCP = ipv6', 'DHCP=both'),
    body: fc.uniqueArray(line, { maxLength: 5 }),
    sections: fc.uniqueArray(section, { maxLength: 3 }),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ dhcp, body, sections, end }) =>
    ['[Match]', 'Name=ens33', '', '[Network]', dhcp, ...body, '', ...sections, '']
      .join('\n')
      .replaceAll('\n', end),
  )

const guest = (text: string) => networkdGuest({ '20-lan.network': text }, ...RESOLVED)
const textOf = (tree: ReturnType<typeof guest>) => tree.text(`${ETC}/20-lan.network`) ?? ''

/** All lines but those that an addressing is written in. */
function others(text: string): string[] {
  const changed = /^(DHCP|DNS|Gateway|Address)\s*=|^(\[Route\]|Metric=5|Destination=0\.0\.0\.0\/0)$|^$/
  return text.split(/\r?\n/).filter((one) => !changed.test(one) || /fd00::[89]|fe80|10\.0\.0\.7/.test(one))
}

describe('any file', () => {
  test.prop([file, staticIpv4, nameServers])(
    'takes a static address, reads it back, and keeps every other line',
    (text, want, dns) => {
      const { after } = runNetworkd(guest(text), { ...want, dns })
      const { now } = networkdProfile(after)
      expect({ ipv4: now.ipv4, dns: now.dns }).toEqual({ ...want, dns })
      expect(now.ipv6).toEqual(networkdProfile(guest(text)).now.ipv6)
      expect(others(textOf(after))).toEqual(others(text))
    },
  )

  test.prop([file, staticIpv4])('static, DHCP and static again is the same', (text, want) => {
    const first = runNetworkd(guest(text), want).after
    const dhcp = runNetworkd(first, DHCP).after
    expect(networkdProfile(dhcp).now.ipv4).toEqual(DHCP.ipv4)
    expect(textOf(dhcp)).not.toMatch(/^Address=\d+\./m)
    expect(networkdProfile(runNetworkd(dhcp, want).after).now.ipv4).toEqual(want.ipv4)
  })

  test.prop([fc.uint8Array({ maxLength: 200 })])('of arbitrary bytes is read, or passed over', (bytes) => {
    const tree = guest(`[Match]\nName=ens33\n${Buffer.from(bytes).toString('latin1')}`)
    expect(networkd.profiles(tree).length).toBeLessThan(2)
  })
})
