import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { networkd } from '../../../../src/network/dialects/networkd.ts'
import { DHCP, nameServers, staticIpv4 } from '../../../support/addressing.ts'
import { networkdFile } from '../../../support/networkd-file.ts'
import {
  ETC,
  networkdGuest,
  networkdProfile,
  RESOLVED,
  runNetworkd,
} from '../../../support/networkd-guest.ts'

const guest = (text: string) => networkdGuest({ '20-lan.network': text }, ...RESOLVED)
const textOf = (tree: ReturnType<typeof guest>) => tree.text(`${ETC}/20-lan.network`) ?? ''

/** All lines but those that an addressing is written in. */
function others(text: string): string[] {
  const changed = /^(DHCP|DNS|Gateway|Address)\s*=|^(\[Route\]|Metric=5|Destination=0\.0\.0\.0\/0)$|^$/
  return text.split(/\r?\n/).filter((one) => !changed.test(one) || /fd00::[89]|fe80|10\.0\.0\.7/.test(one))
}

describe('any file', () => {
  test.prop([networkdFile, staticIpv4, nameServers])(
    'takes a static address, reads it back, and keeps every other line',
    (text, want, dns) => {
      const { after } = runNetworkd(guest(text), { ...want, dns })
      const { now } = networkdProfile(after)
      expect({ ipv4: now.ipv4, dns: now.dns }).toEqual({ ...want, dns })
      expect(now.ipv6).toEqual(networkdProfile(guest(text)).now.ipv6)
      expect(others(textOf(after))).toEqual(others(text))
    },
  )

  test.prop([networkdFile, staticIpv4])('static, DHCP and static again is the same', (text, want) => {
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
