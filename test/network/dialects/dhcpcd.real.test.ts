import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { toByteText } from '../../../src/formats/bytes.ts'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { dhcpcd } from '../../../src/network/dialects/dhcpcd.ts'
import { lastLease } from '../../../src/network/leases.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { serverOf } from '../../support/cable.ts'
import { DHCPCD_FORMS, dhcpcdFile } from '../../support/dhcpcd-file.ts'
import { dhcpcdGuest } from '../../support/dhcpcd-guest.ts'
import { upWithDhcpcd } from '../../support/dhcpcd-run.ts'
import { runDialect } from '../../support/dialect-run.ts'
import { goldenNics } from '../../support/golden-nics.ts'

// The real dhcpcd on a cable in namespaces of its own, which root alone can make.
const asRoot = describe.runIf(process.getuid?.() === 0)

const WANT = {
  ipv4: { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' },
  dns: ['10.20.16.2', '1.1.1.1'],
  search: ['a.example', 'b.example'],
} as const satisfies NicAddressing

const ONE = {
  reason: 'STATIC',
  addresses: ['10.20.30.40/20'],
  gateways: ['10.20.16.1'],
  dns: ['10.20.16.2', '1.1.1.1'],
  search: ['a.example', 'b.example'],
  lease: Buffer.alloc(0),
}

/** By DHCP from the server at the other end, and nothing beside. */
const LEASED = {
  reason: 'BOUND',
  addresses: [expect.stringMatching(/^198\.51\.100\.\d+\/24$/)],
  gateways: [serverOf(0)],
  dns: [serverOf(0)],
  search: [],
  lease: expect.anything(),
}

const ASKED = 'option domain_name_servers, domain_name, domain_search\n'

const FILES: Readonly<Record<string, string>> = {
  'DHCP, as Debian installs it': `hostname\nduid\npersistent\n${ASKED}slaac private\n`,
  'a static address': `${ASKED}interface eth0\nstatic ip_address=10.0.0.5/8\nstatic routers=10.0.0.1\nstatic domain_name_servers=10.0.0.2\n`,
  'an old mask, and no router': `${ASKED}interface eth0\n  static ip_address=10.0.0.5\n  static subnet_mask=255.255.0.0\n  static broadcast_address=10.0.255.255\n  nogateway\n`,
  'blanks, comments and a second block': `${ASKED}\ninterface eth0 # lan\n\tstatic ip_address = 10.0.0.5/24 # ours\n\ninterface wlan0\nmetric 9\ninterface eth0\nstatic routers=10.0.0.1\n`,
}

asRoot('dhcpcd', () => {
  test.each(Object.entries(FILES))('%s', (_, text) => {
    const still = runDialect(dhcpcd, dhcpcdGuest(text), WANT, { name: 'eth0' }).after
    expect(upWithDhcpcd(still, 'eth0')).toEqual(ONE)
    const moving = runDialect(dhcpcd, still, { ...DHCP, search: [] }, { name: 'eth0' }).after
    expect(upWithDhcpcd(moving, 'eth0')).toEqual(LEASED)
  })

  test.each(Object.entries(DHCPCD_FORMS))('%s', (_, [text, means]) => {
    const { reason, addresses, gateways } = upWithDhcpcd(dhcpcdGuest(text), 'eth0')
    if (means.method === 'dhcp') return expect(reason).toBe('BOUND')
    expect(addresses).toEqual([`${means.address}/${means.prefix}`])
    expect(gateways).toEqual(means.gateway === undefined ? [] : [means.gateway])
  })

  test('IPv6 beside', () => {
    const ipv6 = { address: 'fd00::12', prefix: 64 }
    const { after } = runDialect(dhcpcd, dhcpcdGuest(ASKED), { ...WANT, ipv6 }, { name: 'eth0' })
    expect(upWithDhcpcd(after, 'eth0').addresses).toEqual(['10.20.30.40/20', 'fd00::12/64'])
  })

  test('no gateway asked for', () => {
    const { address, prefix } = WANT.ipv4
    const want = { ipv4: { method: 'static', address, prefix } } as const
    const { after } = runDialect(dhcpcd, dhcpcdGuest(FILES['a static address'] ?? ''), want, { name: 'eth0' })
    expect(upWithDhcpcd(after, 'eth0')).toMatchObject({ addresses: ONE.addresses, gateways: [] })
  })

  test('understands whatever file it was', async () => {
    await fc.assert(
      fc.property(dhcpcdFile, (text) => {
        const { after } = runDialect(dhcpcd, dhcpcdGuest(text), WANT, { name: 'eth0' })
        const { addresses, gateways, dns } = upWithDhcpcd(after, 'eth0')
        expect(addresses.filter((one) => !one.includes(':'))).toEqual(ONE.addresses)
        expect([gateways, dns]).toEqual([ONE.gateways, ONE.dns])
      }),
      { numRuns: 4, endOnFailure: true },
    )
  })
})

asRoot('its lease', () => {
  test.each([['/var/lib/dhcpcd/eth0.lease'], ['/var/lib/dhcpcd5/dhcpcd-eth0.lease']])(
    'is read as %s',
    (path) => {
      const { addresses, lease } = upWithDhcpcd(dhcpcdGuest(ASKED), 'eth0')
      const tree = new GuestTree([guestFile(path, toByteText(lease))])
      const read = lastLease(tree, 'eth0')
      expect([`${read?.address}/${read?.prefix}`]).toEqual(addresses)
      expect(read).toMatchObject({ interfaceName: 'eth0', router: serverOf(0), dns: [serverOf(0)] })
    },
  )
})

asRoot('golden guest', () => {
  test.each(goldenNics('dhcpcd').map((one) => [one.golden, one] as const))(
    '%s',
    (_, { after, profile, addressing }) => {
      const up = upWithDhcpcd(after, profile.name)
      if (addressing.ipv4?.method !== 'static') return expect(up).toMatchObject(LEASED)
      const { address, prefix, gateway } = addressing.ipv4
      expect(up.addresses.filter((one) => !one.includes(':'))).toEqual([`${address}/${prefix}`])
      expect(up.gateways).toEqual(gateway === undefined ? [] : [gateway])
      if (addressing.dns) expect(up.dns).toEqual(addressing.dns)
    },
  )
})
