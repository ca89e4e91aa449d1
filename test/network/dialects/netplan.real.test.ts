import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GuestTree } from '../../../src/guest/tree.ts'
import { netplan } from '../../../src/network/dialects/netplan.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { readGolden } from '../../support/golden.ts'
import { netplanFiles } from '../../support/netplan-files.ts'
import { DHCP, NO_MAC, netplanGuest, run } from '../../support/netplan-guest.ts'

// The real netplan of the package netplan.io, which here only writes what the network managers would read.
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-netplan-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** What netplan makes of a guest's files: every setting of the file for this interface, "Section.Key=value". */
function generated(
  tree: GuestTree,
  name: string,
): { settings: string[]; manager: 'networkd' | 'NetworkManager' } {
  const root = mkdtempSync(join(directory, 'root-'))
  for (const { path } of tree.nodes().filter((node) => node.path.includes('/netplan/'))) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), tree.text(path) ?? '', { encoding: 'latin1', mode: 0o600 })
  }
  execFileSync('/usr/sbin/netplan', ['generate', '--root-dir', root], { stdio: 'pipe' })
  const networkd = join(root, 'run/systemd/network', `10-netplan-${name}.network`)
  const profiles = join(root, 'run/NetworkManager/system-connections')
  if (existsSync(networkd)) return { settings: settingsIn(networkd), manager: 'networkd' }
  const [file] = existsSync(profiles)
    ? readdirSync(profiles).filter((one) => one.startsWith(`netplan-${name}`))
    : []
  if (file === undefined) throw new Error(`netplan made nothing for ${name}`)
  return { settings: settingsIn(join(profiles, file)), manager: 'NetworkManager' }
}

function settingsIn(file: string): string[] {
  let section = ''
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((line) => {
      section = /^\[(.*)\]$/.exec(line)?.[1] ?? section
      return line.includes('=') ? [`${section}.${line}`] : []
    })
}

/** IPv4 addresses, default gateways and name servers that the manager will set, and whether it asks a DHCP server. */
function told({ settings, manager }: ReturnType<typeof generated>) {
  const values = (key: RegExp) => settings.flatMap((line) => key.exec(line)?.[1] ?? [])
  if (manager === 'networkd') {
    return {
      addresses: values(/^Network\.Address=(\d+\.\d+\.\d+\.\d+\/\d+)$/),
      gateways: defaultGateways(settings),
      dns: values(/^Network\.DNS=(.*)$/),
      dhcp: settings.some((line) => /^Network\.DHCP=(ipv4|yes)$/.test(line)),
    }
  }
  const addresses = values(/^ipv4\.address\d*=(.*)$/).map((value) => value.split(',') as [string, string?])
  return {
    addresses: addresses.map(([address]) => address),
    gateways: [
      ...addresses.flatMap(([, gateway]) => gateway ?? []),
      ...values(/^ipv4\.gateway=(.*)$/),
      ...values(/^ipv4\.route\d+=0\.0\.0\.0\/0,([0-9.]+)/),
    ],
    dns: values(/^ipv4\.dns=(.*)$/).flatMap((value) => value.split(';').filter(Boolean)),
    dhcp: settings.includes('ipv4.method=auto'),
  }
}

function defaultGateways(settings: readonly string[]): string[] {
  const found: string[] = []
  settings.forEach((line, index) => {
    const gateway = /^(?:Network|Route)\.Gateway=(\d.*)$/.exec(line)?.[1]
    if (gateway === undefined) return
    const near = [settings[index - 1], settings[index + 1]].find((one) =>
      one?.startsWith('Route.Destination='),
    )
    const destination = near?.slice('Route.Destination='.length)
    if (line.startsWith('Network.') || destination === undefined || destination === '0.0.0.0/0')
      found.push(gateway)
  })
  return found
}

const WANT = {
  ipv4: { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' },
  dns: ['10.20.16.2', '1.1.1.1'],
} as const satisfies NicAddressing

const ONE = {
  addresses: ['10.20.30.40/20'],
  gateways: ['10.20.16.1'],
  dns: ['10.20.16.2', '1.1.1.1'],
  dhcp: false,
}

const head = (renderer: string) => `network:\n  version: 2\n  renderer: ${renderer}\n`

const FILES: [string, string, string?][] = [
  ['DHCP', '  ethernets:\n    ens33: {dhcp4: true}\n'],
  [
    'static',
    '  ethernets:\n    ens33:\n      addresses: [10.0.0.5/24]\n      routes: [{to: default, via: 10.0.0.1}]\n      nameservers: {addresses: [10.0.0.2]}\n',
  ],
  [
    'gateway4',
    '  ethernets:\n    ens33:\n      addresses:\n        - "10.0.0.5/24"\n      gateway4: 10.0.0.1\n      nameservers:\n          search: [lab]\n          addresses:\n          - 10.0.0.2\n',
  ],
  [
    'a bond',
    '  ethernets:\n    ens33: {}\n    ens34: {}\n  bonds:\n    bond0:\n      interfaces: [ens33, ens34]\n      dhcp4: true\n      parameters: {mode: active-backup}\n',
    'bond0',
  ],
  [
    'a bridge',
    '  ethernets:\n    ens33: {dhcp4: no}\n  bridges:\n    br0:\n      interfaces:\n      - ens33\n      addresses: [10.0.0.5/24]\n      gateway4: 10.0.0.1\n',
    'br0',
  ],
  [
    'a VLAN',
    '  ethernets:\n    ens33: {}\n  vlans:\n    vlan7: {id: 7, link: ens33, dhcp4: true}\n',
    'vlan7',
  ],
]

describe.each(['networkd', 'NetworkManager'])('%s', (renderer) => {
  it.each(FILES)('%s', (_, text, name = 'ens33') => {
    const tree = netplanGuest(head(renderer) + text)
    const still = run(tree, WANT, NO_MAC, name).after
    expect(told(generated(still, name))).toEqual(ONE)
    const dhcp = run(still, DHCP, NO_MAC, name).after
    expect(told(generated(dhcp, name))).toEqual({ addresses: [], gateways: [], dns: [], dhcp: true })
  })

  it('takes several files', () => {
    const tree = netplanGuest({
      '/etc/netplan/00-a.yaml': `${head(renderer)}  ethernets:\n    ens33:\n      addresses: [10.0.0.5/24]\n      gateway4: 10.0.0.1\n`,
      '/etc/netplan/50-b.yaml':
        'network:\n  ethernets:\n    ens33:\n      dhcp4: true\n      nameservers: {addresses: [10.0.0.2]}\n',
      '/etc/netplan/60-c.yaml':
        'network:\n  ethernets:\n    ens33:\n      nameservers: {addresses: [10.0.0.3]}\n',
    })
    // A static address beside DHCP is a further one, which stays.
    expect(told(generated(run(tree, WANT).after, 'ens33'))).toEqual({
      ...ONE,
      addresses: ['10.20.30.40/20', '10.0.0.5/24'],
    })
  })
})

it('finds the interface by its new MAC', () => {
  const text = `${head('networkd')}  ethernets:\n    lan:\n      match: {macaddress: "00:0c:29:00:00:01"}\n      set-name: ens33\n      dhcp4: true\n`
  const { after } = run(
    netplanGuest(text),
    WANT,
    { from: ['00:0c:29:00:00:01'], to: '00:50:56:00:00:07' },
    'lan',
  )
  const { settings } = generated(after, 'lan')
  expect(settings).toContain('Match.PermanentMACAddress=00:50:56:00:00:07')
  const bare = generated(run(netplanGuest(text), WANT, { from: ['00:0c:29:00:00:01'] }, 'lan').after, 'lan')
  expect(bare.settings.filter((line) => line.startsWith('Match.'))).toEqual(['Match.Name=ens33'])
})

it('keeps nothing that NetworkManager passed through about the old address', () => {
  const id = 'NM-14f59568-5076-387a-aef6-10adfcca2e26'
  const text = `network:\n  version: 2\n  ethernets:\n    ${id}:\n      renderer: NetworkManager\n      match:\n        name: "ens33"\n      addresses:\n      - "10.0.0.5/24"\n      nameservers:\n        addresses:\n        - 10.0.0.2\n      networkmanager:\n        uuid: "14f59568-5076-387a-aef6-10adfcca2e26"\n        name: "Wired connection 1"\n        passthrough:\n          connection.timestamp: "1700000000"\n          ipv4.method: "manual"\n          ipv4.address1: "10.0.0.5/24,10.0.0.1"\n          ipv6.addr-gen-mode: "default"\n          proxy._: ""\n`
  const { after } = run(
    netplanGuest({ [`/etc/netplan/90-${id}.yaml`]: text }),
    WANT,
    NO_MAC,
    'Wired connection 1',
  )
  expect(told(generated(after, id))).toEqual(ONE)
})

it('is understood by netplan whatever valid file it was', async () => {
  await fc.assert(
    fc.property(netplanFiles, ({ text, name }) => {
      const { after } = run(netplanGuest(text), WANT, NO_MAC, name)
      const { addresses, ...rest } = told(generated(after, name))
      expect(addresses[0]).toBe('10.20.30.40/20')
      expect(rest).toMatchObject({ gateways: ['10.20.16.1'], dhcp: false })
      expect(rest.dns.filter((one) => one.includes('.'))).toEqual(WANT.dns)
    }),
    { numRuns: 25 },
  )
})

const GOLDEN = 'fixtures/guests'

describe.each(readdirSync(GOLDEN).filter((name) => /^ubuntu(18|2)\d+-(netplan|desktop)-/.test(name)))(
  'golden guest %s',
  (golden) => {
    const { guest, after } = readGolden(join(GOLDEN, golden))
    it.each(guest.identity.nics)(
      'has what was asked: $profile',
      ({ profile: named, addressing: { ipv4, dns } }) => {
        const profile = netplan.profiles(after).find(({ name }) => name === named)
        const [, id = ''] = /^\w+\.(.*)$/.exec(String(profile?.at)) ?? []
        const result = told(generated(after, id))
        if (ipv4?.method !== 'static')
          return expect(result).toMatchObject({ addresses: [], gateways: [], dhcp: true })
        const { address, prefix, gateway } = ipv4
        expect(result).toMatchObject({
          addresses: [`${address}/${prefix}`],
          gateways: gateway === undefined ? [] : [gateway],
          dhcp: false,
          ...(dns ? { dns } : {}),
        })
      },
    )
  },
)
