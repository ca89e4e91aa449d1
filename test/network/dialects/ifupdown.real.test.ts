import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isNg } from '../../../src/network/dialects/ifupdown/version.ts'
import { ifupdown } from '../../../src/network/dialects/ifupdown.ts'
import { formatNetmask } from '../../../src/network/ipv4.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import { ifupdownGuest, interfacesFixture } from '../../support/ifupdown-guest.ts'

// The real ifup and ifquery of the package ifupdown, which run nothing here (--no-act).
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-ifupdown-'))
  mkdirSync(join(directory, 'state'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function edited(fixture: string, addressing: NicAddressing, name: string): string {
  // The file is read outside a guest: nothing of this host is to be taken in.
  const tree = ifupdownGuest(interfacesFixture(fixture).replace(/^source.*\n/m, ''))
  const profile = ifupdown.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no ${name}`)
  const { changes } = ifupdown.edit(tree, { profile, addressing, mac: { from: [] }, operation: 'network' })
  const file = join(directory, fixture)
  writeFileSync(file, tree.with(changes).text('/etc/network/interfaces') ?? '', 'latin1')
  return file
}

function planOf(file: string, name: string): string {
  const script = '/usr/sbin/ifup --no-scripts -v --no-act --force -i "$1" --state-dir="$2" "$3" 2>&1'
  return execFileSync('sh', ['-c', script, 'sh', file, join(directory, 'state'), name], { encoding: 'utf8' })
}

const FIXTURES = readdirSync(new URL('../../../fixtures/interfaces/', import.meta.url))

describe.each(FIXTURES)('%s', (fixture) => {
  const name = fixture === 'bridge' ? 'br0' : 'ens33'

  it('static: ifup sets exactly the address and gateway asked for', () => {
    const ipv4 = { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' } as const
    const file = edited(fixture, { ipv4 }, name)
    const plan = planOf(file, name)
    const added = [...plan.matchAll(/^ip addr add (\S+) broadcast (\S+)/gm)].map((one) => one.slice(1))
    // With a numeric netmask ifupdown leaves the broadcast address to the kernel ("+").
    expect(added).toEqual([
      [
        expect.stringMatching(/^10\.20\.30\.40\/(20|255\.255\.240\.0)$/),
        expect.stringMatching(/^(10\.20\.31\.255|\+)$/),
      ],
    ])
    expect([...plan.matchAll(/ip route add default via (\S+)/g)].map((one) => one[1])).toEqual(['10.20.16.1'])
    expect(plan).not.toContain('dhclient')
    const query = execFileSync('/usr/sbin/ifquery', ['-i', file, name], { encoding: 'utf8' })
    expect(query.match(/^address: 10\.20\.30\.40$/gm)).toHaveLength(1)
  })

  it('DHCP: ifup asks a server and sets no address', () => {
    const plan = planOf(edited(fixture, { ipv4: { method: 'dhcp' } }, name), name)
    expect(plan).toMatch(/dhclient|udhcpc|dhcpcd/)
    expect(plan).not.toMatch(/^ip addr add|^ *ip route add default/m)
  })
})

// ifupdown-ng has its own judge.
describe.each(goldenNics('ifupdown').filter(({ after }) => !isNg(after)))(
  'golden guest $golden, $profile.name',
  ({ golden, after, profile, addressing }) => {
    const { ipv4 } = addressing

    it('has what was asked', () => {
      const root = join(directory, golden)
      // Its own directories, not this host's.
      for (const { path } of after
        .nodes()
        .filter((node) => node.path.startsWith('/etc/network/') && node.kind === 'file')) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        const text = after.text(path)?.replaceAll('/etc/network', join(root, 'etc/network'))
        writeFileSync(join(root, path), text ?? '', 'latin1')
      }
      const plan = planOf(join(root, 'etc/network/interfaces'), profile.name)
      const added = [...plan.matchAll(/^ip addr add (\S+)/gm)].map((one) => one[1])
      const gateways = [...plan.matchAll(/ip route add default via (\S+)/g)].map((one) => one[1])
      if (ipv4?.method !== 'static') {
        expect(plan).toMatch(/dhclient|udhcpc|dhcpcd/)
        return expect([added, gateways]).toEqual([[], []])
      }
      const { address, prefix, gateway } = ipv4
      expect([`${address}/${prefix}`, `${address}/${formatNetmask(prefix)}`]).toContain(added[0])
      expect(added).toHaveLength(1)
      expect(gateways).toEqual(gateway === undefined ? [] : [gateway])
      expect(plan).not.toContain('dhclient')
    })
  },
)
