import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { observeNetwork } from '../../src/network/detect.ts'
import { ifupdownGuest, interfacesFixture, link } from '../support/ifupdown-guest.ts'

const wants = (unit: string) =>
  link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `/lib/systemd/system/${unit}`)
const managed = (value: string) =>
  guestFile(
    '/etc/NetworkManager/NetworkManager.conf',
    `[main]\nplugins=ifupdown,keyfile\n\n[ifupdown]\nmanaged=${value}\n`,
  )
const netplan = guestFile(
  '/etc/netplan/01.yaml',
  'network:\n  version: 2\n  ethernets:\n    ens33: {dhcp4: true}\n',
)

describe('observeNetwork', () => {
  it.each<[string, GuestNode[], string[]]>([
    ['ifupdown alone', [], []],
    ['NetworkManager that leaves it alone', [wants('NetworkManager.service'), managed('false')], []],
    ['NetworkManager that takes it', [wants('NetworkManager.service'), managed('true')], ['NetworkManager']],
    ['networkd without a file', [wants('systemd-networkd.service')], []],
    [
      'networkd with one',
      [wants('systemd-networkd.service'), guestFile('/etc/systemd/network/a.network', '')],
      ['systemd-networkd'],
    ],
    ['netplan', [netplan, guestFile('/usr/sbin/netplan', '')], ['netplan']],
    ['netplan’s files without netplan', [netplan], []],
  ])('%s', (_, more, rivals) => {
    const network = observeNetwork(ifupdownGuest(interfacesFixture('dhcp'), more))
    expect(network?.profiles.map(({ name }) => name)).toEqual(['ens33'])
    expect((network?.rivals ?? []).map((one) => one.dialect)).toEqual(rivals)
  })

  it('finds nothing in an empty guest', () => expect(observeNetwork(new GuestTree([]))).toBeUndefined())
})
