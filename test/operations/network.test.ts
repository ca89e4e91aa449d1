import { describe, expect, it } from 'vitest'
import type { GuestTree } from '../../src/guest/tree.ts'
import { guestFile } from '../../src/guest/tree.ts'
import type { Identity, NicIdentity } from '../../src/identity/identity.ts'
import { observeNetwork } from '../../src/network/detect.ts'
import type { NicAddressing } from '../../src/network/model.ts'
import { network } from '../../src/operations/network.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { identityOf, nicOf } from '../support/clone.ts'
import { ifupdownGuest, link } from '../support/ifupdown-guest.ts'
import { networkdGuest } from '../support/networkd-guest.ts'

const TWO = 'iface ens33 inet dhcp\niface ens34 inet static\n address 10.0.0.5/24\n'

function survey(tree: GuestTree): Survey {
  const seen = observeNetwork(tree)
  const os = { id: 'debian', idLike: [], prettyName: 'Debian' }
  return { guest: { os, tree, selinux: false, ...(seen ? { network: seen } : {}) }, vmnets: [] }
}

function identity(tree: GuestTree, ...addressings: NicAddressing[]): Identity {
  const profiles = observeNetwork(tree)?.profiles ?? []
  const nics: NicIdentity[] = addressings.map((addressing, i) => {
    const profile = profiles[i]
    const device = `ethernet${i}`
    return {
      device,
      mac: { policy: 'keep' },
      macChange: { from: [] },
      addressing,
      ...(profile ? { profile } : {}),
    }
  })
  return {
    settled: false,
    uuid: { policy: 'keep' },
    vmxfId: new Uint8Array(16),
    generationId: new Uint8Array(16),
    nics,
    machineId: { policy: 'keep' },
    sshKeys: { policy: 'leave' },
    hosts: [],
    randomSeed: new Uint8Array(512),
    storageSeed: new Uint8Array(32),
  }
}

const A: NicAddressing = { ipv4: { method: 'static', address: '192.168.8.12', prefix: 24 } }
const B: NicAddressing = { ipv4: { method: 'static', address: '10.0.0.12', prefix: 24 } }

describe('network', () => {
  it('edits both NICs in one file, once', () => {
    const tree = ifupdownGuest(TWO)
    const { changes } = network.plan(survey(tree), identity(tree, A, B))
    const after = tree.with(changes)
    expect(after.text('/etc/network/interfaces')).toBe(
      'iface ens33 inet static\n address 192.168.8.12/24\niface ens34 inet static\n address 10.0.0.12/24\n',
    )
    expect(network.plan(survey(after), identity(after, A, B)).changes).toEqual([])
  })

  it('leaves all alone where nothing is asked', () => {
    const tree = ifupdownGuest(TWO)
    expect(network.plan(survey(tree), identity(tree, {}, {})).changes).toEqual([])
  })

  it.each([
    ['NETWORK_UNKNOWN', ifupdownGuest('iface lo inet loopback\n')],
    ['PROFILE_NOT_FOUND', ifupdownGuest('iface wlan0 inet dhcp\n')],
    [
      'NETWORK_CONFLICT',
      ifupdownGuest(TWO, [
        guestFile('/etc/systemd/network/a.network', '[Match]\nName=e*\n[Network]\nDHCP=yes\n'),
        link('/etc/systemd/system/multi-user.target.wants/systemd-networkd.service', '/x'),
      ]),
    ],
  ])('refuses with %s', (code, tree) => {
    expect(() => network.plan(survey(tree), identity(tree, A))).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    [undefined, 0],
    ['00:50:56:00:00:01', 1],
  ])('a profile for every NIC, one of two with the MAC %s', (to, files) => {
    const tree = networkdGuest({ '99-all.network': '[Match]\nName=e*\n[Network]\nDHCP=yes\n' })
    const profile = observeNetwork(tree)?.profiles[0]
    if (!profile) throw new Error('no profile')
    const nic = { profile, addressing: A, macChange: { from: [], ...(to === undefined ? {} : { to }) } }
    const nics = [nicOf(nic), nicOf({ device: 'ethernet1' })]
    const plan = () => network.plan(survey(tree), identityOf({ nics }))
    if (to === undefined) expect(plan).toThrow(expect.objectContaining({ code: 'PROFILE_AMBIGUOUS' }))
    else expect(plan().changes.filter(({ path }) => path.endsWith('.network'))).toHaveLength(files)
  })
})
