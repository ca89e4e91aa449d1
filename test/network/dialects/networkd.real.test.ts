import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { serverOf } from '../../support/cable.ts'
import { type GoldenNic, goldenNics } from '../../support/golden-nics.ts'
import { networkdFile } from '../../support/networkd-file.ts'
import { networkdGuest, RESOLVED, runNetworkd } from '../../support/networkd-guest.ts'
import { upWith } from '../../support/networkd-run.ts'

// The real systemd-networkd on cables in namespaces of its own, which root alone can make.
const asRoot = describe.runIf(process.getuid?.() === 0)

const WANT = {
  ipv4: { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' },
  dns: ['10.20.16.2', '1.1.1.1'],
  search: ['a.example', 'b.example'],
} as const satisfies NicAddressing

const ONE = {
  addresses: ['10.20.30.40/20'],
  gateways: ['10.20.16.1'],
  dns: ['10.20.16.2', '1.1.1.1'],
  search: ['a.example', 'b.example'],
}

/** By DHCP from the server at the other end, and nothing beside. */
const leased = (index: number) => ({
  addresses: [expect.stringMatching(`^${serverOf(index).replace(/1$/, '')}\\d+/24$`)],
  gateways: [serverOf(index)],
  dns: [serverOf(index)],
})

const MAC = { from: ['00:0c:29:00:00:01'], to: '00:50:56:00:00:07' }
const NIC = { name: 'ens33', mac: MAC.to }

// What is not asked for stays: systemd-networkd waits for a DHCPv6 server that the file itself asks, as it did before,
// and for a route whose next hop the new subnet does not hold, which the report tells of.
const reachable = networkdFile.filter((text) => !/^DHCP ?= ?ipv6|10\.0\.0\.7/m.test(text))

/** Profile and files; the first file is the profile's. */
const GUESTS: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  'one file by DHCP for all adapters': [
    '99-dhcp-en',
    { '99-dhcp-en.network': '[Match]\nName=e*\n\n[Network]\nDHCP=yes\nIPv6AcceptRA=no\n' },
  ],
  'a static address': [
    'ens33',
    {
      '20-lan.network':
        '[Match]\nName=ens33\n\n[Network]\n# office\nAddress=10.0.0.5/24\nGateway=10.0.0.1\nDNS=10.0.0.2 10.0.0.3\nDomains=lab\n',
    },
  ],
  'sections of their own, in CRLF': [
    'ens33',
    {
      '20-lan.network':
        '[Match]\r\nName=ens33\r\n[Network]\r\nDNS=10.0.0.2\r\n[Address]\r\nAddress=10.0.0.5/24\r\nBroadcast=10.0.0.255\r\n[Route]\r\nGateway=10.0.0.1\r\nMetric=50\r\n',
    },
  ],
  'the address in a drop-in': [
    'ens33',
    {
      '20-lan.network': '[Match]\nName=ens33\n\n[Network]\nDHCP=ipv4\n',
      '20-lan.network.d/static.conf': '[Network]\nDHCP=no\nAddress=10.0.0.5/24\nGateway=10.0.0.1\n',
    },
  ],
  'a pin and an override': [
    '20-lan',
    {
      '20-lan.network':
        '[Match]\nMACAddress=00-0C-29-00-00-01\n[Link]\nMACAddress=02:00:00:00:00:01\n[Network]\nDHCP=yes\n',
    },
  ],
  'the vendor’s file alone': [
    '80-dhcp',
    { '/usr/lib/systemd/network/80-dhcp.network': '[Match]\nName=en*\n[Network]\nDHCP=yes\n' },
  ],
}

asRoot('systemd-networkd', () => {
  test.each(Object.entries(GUESTS))('%s', (_, [profile, files]) => {
    const still = runNetworkd(networkdGuest(files, ...RESOLVED), WANT, MAC, profile).after
    expect(upWith(still, [NIC])).toMatchObject({ ens33: ONE })
    const dhcp = runNetworkd(still, DHCP, MAC, profile).after
    expect(upWith(dhcp, [NIC])).toMatchObject({ ens33: leased(0) })
  })

  test('a bridge owns the address', () => {
    const tree = networkdGuest(
      {
        '10-br0.netdev': '[NetDev]\nName=br0\nKind=bridge\n',
        '20-port.network': '[Match]\nMACAddress=00:0c:29:00:00:01\n[Network]\nBridge=br0\n',
        '30-br0.network': '[Match]\nName=br0\n[Network]\nDHCP=yes\n',
      },
      ...RESOLVED,
    )
    const { after } = runNetworkd(tree, WANT, MAC, 'br0')
    const up = upWith(after, [NIC], { interfaces: ['ens33', 'br0'] })
    expect(up).toMatchObject({ ens33: { addresses: [], gateways: [] }, br0: ONE })
  })

  test('where no router answers, a static address is no reason to wait for one', () => {
    const tree = networkdGuest(
      { '20-lan.network': '[Match]\nName=ens33\n[Network]\nDHCP=yes\n' },
      ...RESOLVED,
    )
    const { after } = runNetworkd(tree, WANT)
    expect(upWith(after, [NIC], { router: false })).toMatchObject({ ens33: ONE })
  })

  test('understands whatever valid file it was', async () => {
    await fc.assert(
      fc.property(reachable, (text) => {
        const tree = networkdGuest({ '20-lan.network': text }, ...RESOLVED)
        const {
          addresses = [],
          gateways = [],
          dns = [],
        } = upWith(runNetworkd(tree, WANT).after, [NIC]).ens33 ?? {}
        const four = (list: readonly string[]) => list.filter((one) => !one.includes(':'))
        expect(addresses).toContain(ONE.addresses[0])
        expect(four(gateways)).toEqual(ONE.gateways)
        expect(dns).toEqual(ONE.dns)
      }),
      { numRuns: 6, endOnFailure: true },
    )
  })
})

const NICS = goldenNics('systemd-networkd')

asRoot('golden guest', () => {
  test.each([...new Set(NICS.map(({ golden }) => golden))])('%s', (golden) => {
    const nics = NICS.filter((one) => one.golden === golden)
    const adapters = nics.map(({ profile, to }, index) => {
      return { name: profile.interfaceName ?? `ens${33 + index}`, ...(to === undefined ? {} : { mac: to }) }
    })
    const up = upWith((nics[0] as GoldenNic).after, adapters)
    nics.forEach(({ addressing }, index) => {
      expect(up[adapters[index]?.name ?? '']).toMatchObject(expectedOf(addressing, index))
    })
  })
})

function expectedOf({ ipv4, ipv6, dns, search }: NicAddressing, index: number) {
  if (ipv4?.method !== 'static') return leased(index)
  const asked = [ipv4, ...(ipv6 ? [ipv6] : [])]
  return {
    addresses: expect.arrayContaining(asked.map(({ address, prefix }) => `${address}/${prefix}`)),
    gateways: asked.flatMap(({ gateway }) => gateway ?? []),
    ...(dns ? { dns } : {}),
    ...(search ? { search } : {}),
  }
}
