import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import { lastLease } from '../../src/network/leases.ts'

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
