import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { dhcpLeases } from '../../src/operations/dhcp-leases.ts'
import { machineId } from '../../src/operations/machine-id.ts'
import { randomSeed } from '../../src/operations/random-seed.ts'
import { identityOf, run, surveyOf } from '../support/clone.ts'

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
    ['/var/lib/dhcp/dhcpd.leases', false],
    ['/var/lib/dhcp/dhcpd6.leases~', false],
    ['/var/lib/NetworkManager/NetworkManager.state', false],
  ])('%s is deleted: %s', (path, deleted) => {
    const { changes } = run(surveyOf([ID, guestFile(path, 'lease {}\n')]), identity, dhcpLeases)
    expect(changes.map((change) => change.path)).toEqual(deleted ? [path] : [])
  })
})

describe('what the guest renews by itself', () => {
  const state = (id: string) =>
    surveyOf([
      guestFile('/etc/machine-id', `${id}\n`),
      guestFile(SEED, 'seed'),
      guestFile('/var/lib/dhcp/dhclient.leases', 'l'),
    ])

  it('goes once, in whatever order', () => {
    expect(run(state('a'.repeat(32)), identity, machineId, dhcpLeases, randomSeed).changes).toHaveLength(3)
  })

  it('stays in a clone that was fixed and has run since', () => {
    expect(run(state('b'.repeat(32)), identity, machineId, dhcpLeases, randomSeed).changes).toEqual([])
  })

  it('is the template’s where nothing is drawn and no earlier run is on record', () => {
    const template = state('a'.repeat(32))
    expect(run(template, identityOf({}), dhcpLeases, randomSeed).changes).not.toEqual([])
    expect(run(template, identityOf({ settled: true }), dhcpLeases, randomSeed).changes).toEqual([])
  })
})
