import { describe, expect, test } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { connman } from '../../../src/network/dialects/connman.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { serverOf } from '../../support/cable.ts'
import { upWithConnman } from '../../support/connman-run.ts'
import { runDialect } from '../../support/dialect-run.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import { link } from '../../support/ifupdown-guest.ts'

// The real ConnMan on a cable in namespaces of its own, which root alone can make.
const asRoot = describe.runIf(process.getuid?.() === 0)

const DIR = '/var/lib/connman'
const OLD = 'ethernet_000c29aabb01_cable'
const MAC = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:07' }

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
const LEASED = {
  addresses: [expect.stringMatching(/^198\.51\.100\.\d+\/24$/)],
  gateways: [serverOf(0)],
  dns: [serverOf(0)],
}

const guest = (...nodes: GuestNode[]) =>
  new GuestTree([
    link(
      '/etc/systemd/system/multi-user.target.wants/connman.service',
      '/lib/systemd/system/connman.service',
    ),
    ...nodes,
  ])
const provisioned = (text: string) =>
  guest(guestFile(`${DIR}/lan.config`, `[service_lan]\nType=ethernet\n${text}`))

/** A guest, the profile that is edited, and its name afterwards. */
const GUESTS: Readonly<Record<string, readonly [GuestTree, string, string]>> = {
  'DHCP without a file': [guest(), 'wired by DHCP', 'vmclone0'],
  'a user’s settings': [
    guest(
      { ...guestFile(`${DIR}/${OLD}`, ''), kind: 'directory' },
      guestFile(
        `${DIR}/${OLD}/settings`,
        `[${OLD}]\nName=Wired\nAutoConnect=true\nIPv4.method=manual\nIPv4.netmask_prefixlen=24\nIPv4.local_address=10.0.0.5\nIPv4.gateway=10.0.0.1\nNameservers=10.0.0.2;\n`,
      ),
    ),
    OLD,
    'vmclone0',
  ],
  'a file for one MAC': [
    provisioned('MAC = 00:0C:29:AA:BB:01\nIPv4 = 10.0.0.5/255.255.255.0/10.0.0.1\nNameservers = 10.0.0.2\n'),
    'lan',
    'lan',
  ],
  'a file for all': [provisioned('IPv4=DHCP\n'), 'lan', 'lan'],
}

asRoot('ConnMan', () => {
  test.each(Object.entries(GUESTS))('%s', (_, [tree, name, newName]) => {
    const still = runDialect(connman, tree, WANT, { mac: MAC, name, newName }).after
    expect(upWithConnman(still, MAC.to)).toEqual(ONE)
    const moving = runDialect(connman, still, DHCP, { mac: MAC, name: newName }).after
    expect(upWithConnman(moving, MAC.to)).toMatchObject(LEASED)
  })

  test('a user’s settings are found by the new MAC', () => {
    const [tree, name] = GUESTS['a user’s settings'] as (typeof GUESTS)[string]
    const newName = `ethernet_${MAC.to.replaceAll(':', '')}_cable`
    const { after } = runDialect(connman, tree, {}, { mac: MAC, name, newName })
    const up = upWithConnman(after, MAC.to)
    expect(up).toMatchObject({ addresses: ['10.0.0.5/24'], gateways: ['10.0.0.1'], dns: ['10.0.0.2'] })
  })

  test('no gateway asked for', () => {
    const { address, prefix } = WANT.ipv4
    const want = { ipv4: { method: 'static', address, prefix } } as const
    const { after } = runDialect(connman, provisioned('IPv4=10.0.0.5/24/10.0.0.1\n'), want, { mac: MAC })
    expect(after.text(`${DIR}/lan.config`)).toContain(`IPv4=${address}/${prefix}\n`)
    expect(upWithConnman(after, MAC.to)).toMatchObject({ addresses: ONE.addresses, gateways: [] })
  })

  test('a line without a mask is no address: the adapter goes by DHCP', () => {
    const tree = provisioned('IPv4=10.0.0.5\n')
    expect(connman.profiles(tree)).toMatchObject([{ shared: true, now: { ipv4: { method: 'dhcp' } } }])
    expect(upWithConnman(tree, MAC.to)).toMatchObject(LEASED)
  })
})

asRoot('golden guest', () => {
  test.each(goldenNics('connman').map((one) => [one.golden, one] as const))(
    '%s',
    (_, { after, to = '', addressing: { ipv4, dns } }) => {
      const up = upWithConnman(after, to)
      if (ipv4?.method !== 'static') return expect(up).toMatchObject(LEASED)
      expect(up.addresses.filter((one) => !one.includes(':'))).toEqual([`${ipv4.address}/${ipv4.prefix}`])
      expect(up.gateways).toEqual(ipv4.gateway === undefined ? [] : [ipv4.gateway])
      if (dns) expect(up.dns).toEqual(dns)
    },
  )
})
