import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  broadcastOf,
  formatIpv4,
  formatNetmask,
  hostFault,
  inSubnet,
  maskToPrefix,
  networkOf,
  parseCidr,
  parseIpv4,
  parseNetmask,
} from '../../src/network/ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../src/network/ipv6.ts'

const number = fc.integer({ min: 0, max: 0xffffffff })
const prefix = fc.integer({ min: 1, max: 32 })

describe('text', () => {
  test.prop([number])('is read back', (n) => {
    expect(parseIpv4(formatIpv4(n))).toBe(n)
  })

  it.each(['192.168.8', '010.0.0.1', '0xc0a8080c', '3232237580', '1.2.3.256', '1.2.3.4 ', '', '::1'])(
    'refuses %j',
    (text) => expect(parseIpv4(text)).toBeUndefined(),
  )

  test.prop([prefix])('a netmask has one prefix', (p) => {
    expect(parseNetmask(formatNetmask(p))).toBe(p)
    expect(parseNetmask(String(p))).toBe(p)
  })

  it.each(['255.0.255.0', '0.0.0.0', '0', '33', '-1', '24a', '255.255.255.1'])('%j is no netmask', (text) =>
    expect(parseNetmask(text)).toBeUndefined(),
  )

  test.prop([number])('only ones in front make a mask', (n) => {
    const bits = n.toString(2).padStart(32, '0')
    expect(maskToPrefix(n)).toBe(/^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined)
  })
})

describe('subnets', () => {
  test.prop([number, prefix])('network and broadcast enclose the address', (n, p) => {
    const cidr = { address: formatIpv4(n), prefix: p }
    const [low, high] = [parseIpv4(networkOf(cidr)), parseIpv4(broadcastOf(cidr))] as [number, number]
    expect(low <= n && n <= high).toBe(true)
    expect(high - low + 1).toBe(2 ** (32 - p))
    expect(low % 2 ** (32 - p)).toBe(0)
    expect(inSubnet(formatIpv4(low), cidr) && inSubnet(formatIpv4(high), cidr)).toBe(true)
    if (high < 0xffffffff) expect(inSubnet(formatIpv4(high + 1), cidr)).toBe(false)
  })

  it.each([
    ['192.168.8.12/24', undefined],
    ['192.168.8.0/24', 'network address'],
    ['192.168.8.255/24', 'broadcast'],
    ['192.168.8.255/16', undefined],
    ['10.0.0.0/31', undefined],
    ['10.0.0.1/32', undefined],
    ['0.1.2.3/8', 'this network'],
    ['127.0.0.1/8', 'loopback'],
    ['224.0.0.1/24', 'multicast'],
    ['255.255.255.255/32', 'reserved'],
  ])('%s: %s', (text, fault) => {
    const found = hostFault(parseCidr(text) ?? { address: '0.0.0.0', prefix: 1 })
    if (fault === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(fault)
  })
})

describe('IPv6', () => {
  it('is brought to RFC 5952', () => {
    expect(parseCidr6('FD00:0:0:0:0:0:0:5/64')).toEqual({ address: 'fd00::5', prefix: 64 })
    expect(canonicalIpv6('2001:db8:0:1:1:1:1:1')).toBe('2001:db8:0:1:1:1:1:1')
  })

  it.each(['fe80::1%eth0/64', 'fd00::5', 'fd00::5/0', 'fd00::5/129', '1.2.3.4/24', 'fd00::5/64/1'])(
    '%s is refused',
    (text) => expect(parseCidr6(text)).toBeUndefined(),
  )
})
