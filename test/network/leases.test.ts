import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import { lastLease } from '../../src/network/leases.ts'
import { dhcpLease } from '../support/dhcp-lease.ts'

const dhclient = (interfaceName: string, address: string) => `lease {
  interface "${interfaceName}";
  fixed-address ${address};
  option subnet-mask 255.255.255.0;
  option routers 192.168.8.2;
  option domain-name-servers 192.168.8.2,1.1.1.1;
  option domain-name "localdomain";
  renew 2 2024/01/02 03:04:05;
}
`

describe('lastLease', () => {
  it('takes the last block of dhclient', () => {
    const text = `default-duid "\\000\\001";\n${dhclient('ens33', '192.168.8.130')}${dhclient('ens33', '192.168.8.131')}`
    expect(
      lastLease(new GuestTree([guestFile('/var/lib/dhcp/dhclient.ens33.leases', text)]), 'ens33'),
    ).toEqual({
      interfaceName: 'ens33',
      address: '192.168.8.131',
      prefix: 24,
      router: '192.168.8.2',
      dns: ['192.168.8.2', '1.1.1.1'],
      search: ['localdomain'],
    })
  })

  it('reads NetworkManager’s own', () => {
    const text =
      'ADDRESS=10.0.0.9\nNETMASK=255.0.0.0\nROUTER=10.0.0.1\nDNS=10.0.0.2 10.0.0.3\nDOMAINNAME=a.b\n'
    const path = '/var/lib/NetworkManager/internal-6e5b5b2e-0000-4000-8000-000000000000-ens33.lease'
    expect(lastLease(new GuestTree([guestFile(path, text)]), 'ens33')).toEqual({
      interfaceName: 'ens33',
      address: '10.0.0.9',
      prefix: 8,
      router: '10.0.0.1',
      dns: ['10.0.0.2', '10.0.0.3'],
      search: ['a.b'],
    })
  })

  describe('dhcpcd’s own, the server’s message as it came', () => {
    const MASK = [1, 255, 255, 240, 0]
    const ROUTERS = [3, 10, 20, 16, 1, 10, 20, 16, 254]
    const SERVERS = [6, 10, 20, 16, 2]
    const DOMAIN = [15, ...Buffer.from('lab.example\0')]
    const leaseOf = (path: string, text: string, name?: string) =>
      lastLease(new GuestTree([guestFile(path, text)]), name)
    const FULL = dhcpLease('10.20.30.40', [[53, 5], MASK, ROUTERS, SERVERS, DOMAIN])

    it.each([
      ['/var/lib/dhcpcd/ens33.lease', 'ens33'],
      ['/var/lib/dhcpcd5/dhcpcd-ens33.lease', 'ens33'],
      ['/var/db/dhcpcd/ens33.lease', 'ens33'],
    ])('%s', (path, name) =>
      expect(leaseOf(path, FULL, name)).toEqual({
        interfaceName: name,
        address: '10.20.30.40',
        prefix: 20,
        router: '10.20.16.1',
        dns: ['10.20.16.2'],
        search: ['lab.example'],
      }),
    )

    it('takes an option that stands twice for one, and passes over padding', () => {
      const text = `${dhcpLease('10.20.30.40', [MASK, SERVERS]).slice(0, -1)}\0\0${'\x06\x04\x01\x01\x01\x01'}\xff`
      expect(leaseOf('/var/lib/dhcpcd/eth0.lease', text, 'eth0')?.dns).toEqual(['10.20.16.2', '1.1.1.1'])
    })

    it.each<[string, string]>([
      ['no address', dhcpLease('0.0.0.0', [MASK])],
      ['a request', dhcpLease('10.20.30.40', [MASK], 1)],
      ['no cookie', FULL.replace('\x63\x82', '\0\0')],
      ['a DHCPv6 lease', '\x07\x12\x34\x56'.padEnd(400, '\x01')],
      ['cut before the options', FULL.slice(0, 239)],
    ])('finds none in %s', (_, text) => expect(leaseOf('/var/lib/dhcpcd/eth0.lease', text)).toBeUndefined())

    it('leaves out an option that is cut short', () => {
      const cut = dhcpLease('10.20.30.40', [MASK, ROUTERS]).slice(0, -3)
      expect(leaseOf('/var/lib/dhcpcd/eth0.lease', cut)).toMatchObject({ address: '10.20.30.40', prefix: 20 })
      expect(leaseOf('/var/lib/dhcpcd/eth0.lease', cut)?.router).toBeUndefined()
    })

    test.prop([fc.uint8Array({ maxLength: 80 }), fc.boolean()])('reads whatever bytes', (bytes, behind) => {
      const rest = Buffer.from(bytes).toString('latin1')
      const text = behind ? `${FULL.slice(0, 240)}${rest}` : rest
      expect(leaseOf('/var/lib/dhcpcd/eth0.lease', text)?.address).toBe(behind ? '10.20.30.40' : undefined)
    })
  })

  it('keeps interfaces apart, and does not guess between two', () => {
    const text = dhclient('ens33', '192.168.8.130') + dhclient('ens34', '192.168.9.130')
    const tree = new GuestTree([guestFile('/var/lib/dhcp/dhclient.leases', text)])
    expect(lastLease(tree, 'ens33')?.address).toBe('192.168.8.130')
    expect(lastLease(tree, 'br0')).toBeUndefined()
  })

  it.each(['\n', 'lease {\n', 'lease {\n a b\n', ' '])('finds no lease in a megabyte of %j', (part) => {
    const file = guestFile('/var/lib/dhcp/a.leases', `lease { }${part.repeat(1e6 / part.length)}`)
    expect(lastLease(new GuestTree([file]))).toBeUndefined()
  })

  it.each(['', 'lease {', 'lease { fixed-address 999.1.1.1; }', '\0'.repeat(9), 'ADDRESS=x\n'])(
    'finds none in %j',
    (text) => expect(lastLease(new GuestTree([guestFile('/var/lib/dhcp/a.leases', text)]))).toBeUndefined(),
  )
})
