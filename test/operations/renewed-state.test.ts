import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { dhcpLeases } from '../../src/operations/dhcp-leases.ts'
import { machineId } from '../../src/operations/machine-id.ts'
import { networkManagerState } from '../../src/operations/network-manager-state.ts'
import { packageIds } from '../../src/operations/package-ids.ts'
import { randomSeed } from '../../src/operations/random-seed.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'

const RENEWED = [dhcpLeases, networkManagerState, randomSeed, packageIds]
const SEED = '/var/lib/systemd/random-seed'
const ID = guestFile('/etc/machine-id', `${'a'.repeat(32)}\n`)
const seed = Uint8Array.from({ length: 512 }, (_, i) => (i % 255) + 1)
const identity = identityOf({ machineId: { policy: 'set', value: 'b'.repeat(32) }, randomSeed: seed })

describe('random-seed', () => {
  test.prop([fc.integer({ min: 1, max: 5000 })])(
    'keeps the length, brings no NUL, is never shown',
    (length) => {
      const { changes, after } = run(
        surveyOf([ID, guestFile(SEED, 'x'.repeat(length))]),
        identity,
        randomSeed,
      )
      expect(changes).toMatchObject([{ path: SEED, secret: true }])
      const content = after.guest.tree.file(SEED)?.content ?? new Uint8Array()
      expect(content).toHaveLength(length)
      expect(content.includes(0)).toBe(false)
      expect(content.slice(0, 512)).toEqual(seed.slice(0, length))
    },
  )

  it('derives what is longer differently for each seed', () => {
    const long = (bytes: Uint8Array): string | undefined =>
      run(
        surveyOf([ID, guestFile(SEED, 'x'.repeat(1024))]),
        { ...identity, randomSeed: bytes },
        randomSeed,
      ).text(SEED)
    expect(long(seed)?.slice(512)).not.toBe(long(seed.toReversed())?.slice(512))
    expect(long(seed)?.slice(512, 576)).not.toBe(long(seed)?.slice(576, 640))
  })

  it('leaves an empty file, and what is no seed', () => {
    const nodes = [ID, guestFile(SEED, ''), guestFile('/var/lib/random-seed', 'x'.repeat(70_000))]
    expect(run(surveyOf(nodes), identity, randomSeed).changes).toEqual([])
  })
})

describe('dhcp-leases', () => {
  it.each([
    ['/var/lib/dhcp/dhclient.ens33.leases', true],
    ['/var/lib/dhcp/dhclient6.leases', true],
    ['/var/lib/dhclient/dhclient--eth0.lease', true],
    ['/var/lib/NetworkManager/internal-1234-ens33.lease', true],
    ['/var/lib/dhcpcd/duid', true],
    ['/var/lib/dhcpcd/eth0.lease', true],
    ['/var/lib/dhcpcd/eth0.lease6', true],
    ['/var/lib/dhcpcd5/dhcpcd-eth0.lease', true],
    ['/var/db/dhcpcd/eth0.lease', true],
    ['/var/db/dhcpcd-eth0.lease', true],
    ['/var/db/dhcpcd-rdm.monotonic', true],
    ['/var/lib/NetworkManager/dhclient-ens33.conf', true],
    ['/var/lib/wicked/lease-eth0-dhcp-ipv4.xml', true],
    ['/var/lib/wicked/duid.xml', true],
    ['/var/lib/dhcp/dhcpd.leases', false],
    ['/var/lib/dhcp/dhcpd6.leases~', false],
    ['/var/lib/NetworkManager/NetworkManager.state', false],
  ])('%s is deleted: %s', (path, deleted) => {
    const { changes } = run(surveyOf([ID, guestFile(path, 'lease {}\n')]), identity, dhcpLeases)
    expect(changes.map((change) => change.path)).toEqual(deleted ? [path] : [])
  })
})

describe('network-manager-state', () => {
  const directory = '/var/lib/NetworkManager'
  it.each([
    ['secret_key', true],
    ['timestamps', true],
    ['seen-bssids', true],
    ['NetworkManager.state', false],
    ['NetworkManager-intern.conf', false],
  ])('%s is deleted: %s', (name, deleted) => {
    const path = `${directory}/${name}`
    const { changes } = run(surveyOf([ID, guestFile(path, 'nm-v2:x')]), identity, networkManagerState)
    expect(changes.map((change) => change.path)).toEqual(deleted ? [path] : [])
    expect(changes.every(({ secret }) => secret === (name === 'secret_key' ? true : undefined))).toBe(true)
  })

  it('ties what NetworkManager shall not configure to the new MAC address', () => {
    const path = `${directory}/no-auto-default.state`
    const text = '[main]\nno-auto-default=00:0C:29:AA:BB:CC,00:0C:29:AA:BB:CD,\n'
    const macChange = { from: ['00:0c:29:aa:bb:cc'], to: '00:50:56:01:02:0a' }
    const moved = { ...identity, nics: [nicOf({ macChange })] }
    const once = run(surveyOf([ID, guestFile(path, text)]), moved, networkManagerState)
    expect(once.text(path)).toBe('[main]\nno-auto-default=00:50:56:01:02:0A,00:0C:29:AA:BB:CD,\n')
    expect(run(once.after, moved, networkManagerState).changes).toEqual([])
  })
})

describe('package-ids', () => {
  it('deletes what zypp and yum make anew', () => {
    const paths = ['/var/lib/yum/uuid', '/var/lib/zypp/AnonymousUniqueId']
    const nodes = [...paths, '/var/lib/zypp/LastDistributionFlavor'].map((path) => guestFile(path, 'x'))
    expect(run(surveyOf([ID, ...nodes]), identity, packageIds).changes.map(({ path }) => path)).toEqual(paths)
  })
})

describe('credentials of systemd', () => {
  it('are told of, not deleted', () => {
    const node = guestFile('/var/lib/systemd/credential.secret', 'x')
    const { changes, notices } = run(surveyOf([ID, node]), identity, randomSeed)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['systemd-secrets']])
  })
})

describe('what the guest renews by itself', () => {
  const state = (id: string) =>
    surveyOf([
      guestFile('/etc/machine-id', `${id}\n`),
      guestFile(SEED, 'seed'),
      guestFile('/var/lib/dhcp/dhclient.leases', 'l'),
      guestFile('/var/lib/NetworkManager/secret_key', 'k'),
      guestFile('/var/lib/yum/uuid', 'u'),
    ])

  it('goes once, in whatever order', () => {
    expect(run(state('a'.repeat(32)), identity, machineId, ...RENEWED).changes).toHaveLength(5)
  })

  it('stays in a clone that was fixed and has run since', () => {
    expect(run(state('b'.repeat(32)), identity, machineId, ...RENEWED).changes).toEqual([])
  })

  it('is the template’s where nothing is drawn and no earlier run is on record', () => {
    const template = state('a'.repeat(32))
    expect(run(template, identityOf({}), ...RENEWED).changes).not.toEqual([])
    expect(run(template, identityOf({ settled: true }), ...RENEWED).changes).toEqual([])
  })
})
