import { describe, expect, it } from 'vitest'
import { connectionUuid } from '../../../../src/network/connection-uuid.ts'
import { ifcfgGuest, NEW_MAC, run, STATIC, script, textOf } from '../../../support/ifcfg-guest.ts'

const OLD = '4e80a56d-1111-4222-8333-444455556666'
const NEW = connectionUuid(NEW_MAC, 'eth0') as string
const from = NEW_MAC.from
const edited = (text: string, mac = NEW_MAC as { from: readonly string[]; to?: string }) =>
  run(ifcfgGuest(text), {}, { mac })

describe('MAC', () => {
  it.each([
    [
      'a pin, as it was spelled',
      'DEVICE=eth0\nHWADDR="00:0C:29:AA:BB:01"\n',
      'DEVICE=eth0\nHWADDR="00:50:56:00:00:01"\n',
    ],
    ['another’s pin', 'HWADDR=00:0c:29:aa:bb:99\n', 'HWADDR=00:0c:29:aa:bb:99\n'],
    ['an override', 'MACADDR=00:0c:29:aa:bb:77\nMTU=1400\n', 'MTU=1400\n'],
    ['an override that is a policy', 'MACADDR=permanent\n', 'MACADDR=permanent\n'],
    ['a UUID', `UUID="${OLD}"\n`, `UUID="${NEW}"\n`],
  ])('new: %s', (_, text, expected) => expect(edited(text).text).toBe(expected))

  it('not known yet: the pin goes if the name stays', () => {
    expect(edited(`DEVICE=eth0\nHWADDR=00:0C:29:AA:BB:01\nUUID=${OLD}\n`, { from }).text).toBe(
      'DEVICE=eth0\n',
    )
    const other = script('ifcfg-eth1', 'DEVICE=eth1\n')
    const kept = run(
      ifcfgGuest('HWADDR=00:0c:29:aa:bb:01\n', 'NetworkManager', [other]),
      {},
      { mac: { from } },
    )
    expect([kept.changes, kept.codes]).toEqual([[], ['mac-pin-left']])
  })

  it('kept: nothing changes', () => {
    expect(
      edited(`HWADDR=00:0c:29:aa:bb:01\nUUID=${OLD}\n`, { from: [], to: from[0] as string }).changes,
    ).toEqual([])
  })

  it('follows to the ports of a bond, with their UUIDs and what names them', () => {
    const tree = ifcfgGuest(
      `DEVICE=eth0\nHWADDR=00:0c:29:aa:bb:01\nMASTER_UUID=${OLD}\nUUID=a\nMACADDR=02:00:00:00:00:01\n`,
      'NetworkManager',
      [script('ifcfg-bond0', `DEVICE=bond0\nTYPE=Bond\nBOOTPROTO=dhcp\nUUID=${OLD}\n`)],
    )
    const { after, text } = run(tree, {}, { mac: NEW_MAC, name: 'bond0' })
    const uuid = connectionUuid(NEW_MAC, 'bond0')
    expect(text).toBe(`DEVICE=bond0\nTYPE=Bond\nBOOTPROTO=dhcp\nUUID=${uuid}\n`)
    expect(textOf(after)).toBe(`DEVICE=eth0\nHWADDR=00:50:56:00:00:01\nMASTER_UUID=${uuid}\nUUID=${NEW}\n`)
  })
})

describe('what stays is told', () => {
  const STATIC_FILE = 'DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.5\nPREFIX=24\n'
  const beside = (name: string, text: string, reader: 'scripts' | 'NetworkManager' = 'NetworkManager') =>
    run(ifcfgGuest(STATIC_FILE, reader, [script(name, text)]), STATIC).codes

  it.each<[string, string, 'scripts' | 'NetworkManager', string[]]>([
    ['ifcfg-eth0:1', 'IPADDR=10.0.0.9\nPREFIX=24\n', 'scripts', ['extra-address-kept']],
    ['ifcfg-eth1:1', 'IPADDR=10.0.0.9\nPREFIX=24\n', 'scripts', []],
    ['route-eth0', '# to the lab\n10.5.0.0/16 via 10.0.0.1\n', 'scripts', ['old-value-left']],
    ['route-eth0', 'ADDRESS0=10.5.0.0\nGATEWAY0=192.168.8.1\n', 'scripts', []],
    ['route-eth0', 'default via 192.168.8.1\n', 'scripts', ['old-value-left']],
    ['rule-eth0', 'from 10.0.0.5 table 5\n', 'scripts', ['old-value-left']],
    ['ifcfg-eth0.bak', STATIC_FILE, 'scripts', []],
    ['ifcfg-eth0.old', STATIC_FILE, 'scripts', []],
    ['ifcfg-eth0.old', STATIC_FILE, 'NetworkManager', ['copy-read']],
    ['ifcfg-eth0.save', STATIC_FILE, 'scripts', ['copy-read']],
  ])('%s: %j by %s', (name, text, reader, codes) => expect(beside(name, text, reader)).toEqual(codes))

  it('further addresses and IPv6', () => {
    const text = `${STATIC_FILE}IPADDR1=10.0.0.6\nPREFIX1=24\nIPV6INIT=yes\nIPV6ADDR=fd00::5/64\nIPV6ADDR_SECONDARIES="fd00::6/64"\n`
    expect(run(ifcfgGuest(text), STATIC).codes).toEqual([
      'extra-address-kept',
      'ipv6-kept',
      'extra-address-kept',
    ])
    expect(run(ifcfgGuest(text), {}).codes).toEqual([])
  })
})
