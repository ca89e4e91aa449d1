import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../../src/guest/tree.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { ifcfgGuest, run, STATIC, script } from '../../../support/ifcfg-guest.ts'

const DHCP: NicAddressing = { ipv4: { method: 'dhcp' } }
const FULL: NicAddressing = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['a.example', 'b.example'] }
const NO_GATEWAY: NicAddressing = { ipv4: { method: 'static', address: '192.168.8.12', prefix: 24 } }

describe('to static', () => {
  it.each<[string, string, NicAddressing, string]>([
    [
      'from DHCP',
      'DEVICE=eth0\nBOOTPROTO=dhcp\nDHCP_CLIENT_ID=x\nONBOOT=no\nMTU=9000   # jumbo\n',
      FULL,
      'DEVICE=eth0\nBOOTPROTO=none\nIPADDR=192.168.8.12\nPREFIX=24\nGATEWAY=192.168.8.2\nDNS1=192.168.8.2\nDNS2=1.1.1.1\nDOMAIN="a.example b.example"\nONBOOT=yes\nMTU=9000   # jumbo\n',
    ],
    [
      'quoted, CRLF',
      'DEVICE="eth0"\r\nBOOTPROTO="dhcp"\r\nONBOOT="yes"\r\n',
      STATIC,
      'DEVICE="eth0"\r\nBOOTPROTO="none"\r\nIPADDR="192.168.8.12"\r\nPREFIX="24"\r\nGATEWAY="192.168.8.2"\r\nONBOOT="yes"\r\n',
    ],
    [
      'from static with netmask, stale NETWORK',
      "BOOTPROTO=static\nIPADDR='10.0.0.5'\nNETMASK='255.255.255.0'\nNETWORK=10.0.0.0\nBROADCAST=10.0.0.255\nGATEWAY='10.0.0.1'\n",
      STATIC,
      "BOOTPROTO=static\nIPADDR='192.168.8.12'\nNETMASK='255.255.255.0'\nGATEWAY='192.168.8.2'\n",
    ],
    [
      'in its own index',
      'IPADDR0=10.0.0.5\nPREFIX0=16\nGATEWAY0=10.0.0.1\nBOOTPROTO=none\n',
      STATIC,
      'IPADDR0=192.168.8.12\nPREFIX0=24\nGATEWAY0=192.168.8.2\nBOOTPROTO=none\n',
    ],
    [
      'without a gateway',
      'BOOTPROTO=none\nIPADDR=10.0.0.5\nPREFIX=24\nGATEWAY=10.0.0.1\n',
      NO_GATEWAY,
      'BOOTPROTO=none\nIPADDR=192.168.8.12\nPREFIX=24\n',
    ],
    [
      'a route where there was none',
      'BOOTPROTO=none\nIPADDR=192.168.8.12\nPREFIX=24\nDEFROUTE=no\n',
      STATIC,
      'BOOTPROTO=none\nIPADDR=192.168.8.12\nPREFIX=24\nGATEWAY=192.168.8.2\nDEFROUTE=yes\n',
    ],
    [
      'an address given twice',
      'IPADDR=10.0.0.4\nBOOTPROTO=none\nIPADDR=10.0.0.5\nPREFIX=24\n',
      NO_GATEWAY,
      'BOOTPROTO=none\nIPADDR=192.168.8.12\nPREFIX=24\n',
    ],
    [
      'what it has already',
      'IPADDR="192.168.8.12"\nGATEWAY=192.168.8.2\nNETMASK=255.255.255.0\nNETWORK=192.168.8.0\n',
      STATIC,
      'IPADDR="192.168.8.12"\nGATEWAY=192.168.8.2\nNETMASK=255.255.255.0\nNETWORK=192.168.8.0\n',
    ],
  ])('%s', (_, text, want, expected) => {
    const { text: after, now } = run(ifcfgGuest(text), want)
    expect(after).toBe(expected)
    expect(now.ipv4).toEqual(want.ipv4)
  })

  it('writes prefixes as the guest’s other files do', () => {
    const other = script('ifcfg-eth1', 'DEVICE=eth1\nIPADDR=10.1.0.5\nNETMASK=255.255.0.0\n')
    expect(run(ifcfgGuest('BOOTPROTO=dhcp\n', 'scripts', [other]), STATIC).text).toContain(
      'NETMASK=255.255.255.0',
    )
  })

  it('takes DNS out that goes on behind what is asked for, gaps or not', () => {
    const text = 'BOOTPROTO=dhcp\nDNS1=9.9.9.9\nDNS3=8.8.8.8\nDOMAIN=old\n'
    expect(run(ifcfgGuest(text), { dns: ['10.0.0.2'], search: [] }).text).toBe(
      'BOOTPROTO=dhcp\nDNS1=10.0.0.2\n',
    )
  })
})

describe('to DHCP', () => {
  it('takes every address out, so that NetworkManager adds none', () => {
    const text =
      'DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.5\nPREFIX=24\nGATEWAY=10.0.0.1\nIPADDR2=10.0.0.6\nPREFIX2=24\nNETWORK=10.0.0.0\nDNS1=10.0.0.2\nMTU=9000\n'
    expect(run(ifcfgGuest(text), DHCP).text).toBe('DEVICE=eth0\nBOOTPROTO=dhcp\nMTU=9000\n')
    expect(run(ifcfgGuest('BOOTPROTO=dhcp\nIPADDR=10.0.0.5\nPREFIX=24\n'), DHCP).text).toBe(
      'BOOTPROTO=dhcp\n',
    )
  })

  it('lets DHCP tell the name servers that PEERDNS=no kept out', () => {
    const text = 'BOOTPROTO=none\nIPADDR=10.0.0.5\nDNS1=10.0.0.2\nPEERDNS=no\n'
    expect(run(ifcfgGuest(text), DHCP).text).toBe('BOOTPROTO=dhcp\n')
    expect(run(ifcfgGuest(text), { ...DHCP, dns: ['1.1.1.1'] }).text).toBe(
      'BOOTPROTO=dhcp\nDNS1=1.1.1.1\nPEERDNS=no\n',
    )
    expect(run(ifcfgGuest('BOOTPROTO=dhcp\nPEERDNS=no\n'), DHCP).text).toBe('BOOTPROTO=dhcp\nPEERDNS=no\n')
  })

  it('keeps the name servers that are asked for', () => {
    const text = 'BOOTPROTO=none\nIPADDR=10.0.0.5\nDNS1=10.0.0.2\n'
    expect(run(ifcfgGuest(text), { ...DHCP, dns: ['1.1.1.1'] }).text).toBe('BOOTPROTO=dhcp\nDNS1=1.1.1.1\n')
  })
})

describe('/etc/sysconfig/network', () => {
  const global = (text: string) => guestFile('/etc/sysconfig/network', text)
  const own = 'DEVICE=eth0\nIPADDR=10.0.0.5\nNETMASK=255.255.255.0\n'
  const shared = (text: string, want: NicAddressing) => {
    const result = run(ifcfgGuest(own, 'scripts', [global(text)]), want)
    return [result.text, result.after.text('/etc/sysconfig/network')]
  }
  const moved = 'DEVICE=eth0\nIPADDR=192.168.8.12\nNETMASK=255.255.255.0\n'

  it.each<[string, string, NicAddressing, string, string]>([
    [
      'keeps the gateway where it was',
      'NETWORKING=yes\nGATEWAY="10.0.0.1"\n',
      STATIC,
      `${moved}BOOTPROTO=none\n`,
      'NETWORKING=yes\nGATEWAY="192.168.8.2"\n',
    ],
    [
      'leaves another’s gateway alone',
      'GATEWAY=10.9.0.1\n',
      STATIC,
      `${moved}GATEWAY=192.168.8.2\nBOOTPROTO=none\n`,
      'GATEWAY=10.9.0.1\n',
    ],
    ['loses it', 'GATEWAY=10.0.0.1\n', NO_GATEWAY, `${moved}BOOTPROTO=none\n`, ''],
    [
      'loses it to DHCP',
      'GATEWAY=10.0.0.1\nHOSTNAME=a\n',
      DHCP,
      'DEVICE=eth0\nBOOTPROTO=dhcp\n',
      'HOSTNAME=a\n',
    ],
  ])('%s', (_, text, want, file, network) => {
    const [first = '', second] = shared(text, want)
    expect([first.split('\n').sort(), second]).toEqual([file.split('\n').sort(), network])
  })
})

describe('name servers of the network scripts', () => {
  const resolv = guestFile('/etc/resolv.conf', '# by hand\nnameserver 10.0.0.2\n')
  const dns = { ...STATIC, dns: ['192.168.8.2'] }

  it('stand in /etc/resolv.conf as well', () => {
    const { after, text } = run(ifcfgGuest('BOOTPROTO=dhcp\n', 'scripts', [resolv]), dns)
    expect(after.text('/etc/resolv.conf')).toBe('# by hand\nnameserver 192.168.8.2\n')
    expect(text).toContain('DNS1=192.168.8.2\n')
  })

  it('which is not touched where NetworkManager writes it', () => {
    expect(run(ifcfgGuest('BOOTPROTO=dhcp\n', 'NetworkManager', [resolv]), dns).changes).toHaveLength(1)
  })
})

describe('IPv6', () => {
  const ipv6 = { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' }

  it('is switched on and made static', () => {
    const { text, now } = run(ifcfgGuest('BOOTPROTO=dhcp\nIPV6INIT=no\nDHCPV6C=yes\n'), { ipv6 })
    expect(text).toBe(
      'BOOTPROTO=dhcp\nIPV6INIT=yes\nIPV6_AUTOCONF=no\nIPV6ADDR=fd00::12/64\nIPV6_DEFAULTGW=fe80::1\n',
    )
    expect(now.ipv6).toEqual(ipv6)
  })

  it('stays to the byte if it is written otherwise', () => {
    const text = 'IPV6INIT=yes\nIPV6ADDR=FD00:0::12\nIPV6_DEFAULTGW=fe80::1%eth0\n'
    expect(run(ifcfgGuest(text), { ipv6 }).changes).toEqual([])
  })
})

describe('refuses, if addressing is asked for', () => {
  it.each<[string, 'scripts' | 'NetworkManager', string]>([
    ['an address that is worked out', 'NetworkManager', 'IPADDR=$(hostname -i)\n'],
    ['a variable', 'scripts', 'BOOTPROTO=none\nIPADDR="10.0.0.$N"\n'],
    ['shell code', 'scripts', 'if [ -f /x ]; then\nIPADDR=10.0.0.5\nfi\n'],
    ['another file', 'scripts', '. /etc/sysconfig/local\nBOOTPROTO=dhcp\n'],
    ['CRLF by the scripts', 'scripts', 'BOOTPROTO=dhcp\r\n'],
    ['an open quote', 'scripts', 'BOOTPROTO=dhcp\nNOTE="office\n'],
    ['an open bracket', 'scripts', 'BOOTPROTO=dhcp\nNOTE=(office\n'],
    ['an operator', 'scripts', 'BOOTPROTO=dhcp &\n'],
    ['several on a line by NetworkManager', 'NetworkManager', 'BOOTPROTO=none; IPADDR=10.0.0.5\n'],
    ['export by NetworkManager', 'NetworkManager', 'export BOOTPROTO=dhcp\n'],
  ])('%s', (_, reader, text) => {
    expect(() => run(ifcfgGuest(text, reader), STATIC)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', position: expect.anything() }),
    )
    expect(run(ifcfgGuest(text, reader), {}).changes).toEqual([])
  })

  it('but not what cannot matter', () => {
    const text = 'export BOOTPROTO=dhcp; X=$HOME\nhello world\nY=(a \\\n b)\nZ="a\nb"\n'
    expect(run(ifcfgGuest(text, 'scripts'), STATIC).now.ipv4).toEqual(STATIC.ipv4)
  })
})
