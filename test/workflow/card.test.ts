import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import type { NicIdentity } from '../../src/identity/identity.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { connman } from '../../src/network/dialects/connman.ts'
import { networkd } from '../../src/network/dialects/networkd.ts'
import type { Profile } from '../../src/network/model.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { identityCard } from '../../src/workflow/card.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { link } from '../support/ifupdown-guest.ts'
import { vmOf } from '../support/machine.ts'

const VM = vmOf(VmxDocument.parse(readFileSync('fixtures/vmx/workstation.vmx'), 'node1.vmx'))
const UNIT = '/usr/lib/systemd/system/systemd-networkd.service'
const FILES = [
  link('/etc/systemd/system/multi-user.target.wants/systemd-networkd.service', UNIT),
  guestFile(UNIT, ''),
  guestFile('/etc/systemd/network/20-wired.network', '[Match]\nName=en*\n\n[Network]\nDHCP=yes\n'),
]

const surveyed = (...files: Parameters<typeof guestFile>[]): Survey => ({
  ...VM,
  guest: surveyGuest(new GuestTree([...FILES, ...files.map((file) => guestFile(...file))]), false),
})

const nicOf = ({ machine }: Survey, profile: Profile | undefined) =>
  ({
    device: 'ethernet0',
    profile,
    mac: { policy: 'keep', address: machine?.nics[0]?.mac ?? '' },
    macChange: { from: [] },
    addressing: {},
  }) as NicIdentity

test('a NIC that got a profile of its own beside a shared one is shown with its own', () => {
  const before = surveyed()
  const mac = before.machine?.nics[0]?.mac ?? ''
  const [profile] = networkd.profiles(before.guest.tree)
  expect(profile?.shared).toBe(true)
  const nic = nicOf(before, profile)
  const own = `[Match]\nName=en*\nMACAddress=${mac}\n\n[Network]\nAddress=192.168.8.11/24\nGateway=192.168.8.1\n`
  const after = surveyed(['/etc/systemd/network/10-vmclone-nic0.network', own])
  expect(identityCard(before, [nic], 'was').nics).toMatchObject([{ ipv4: 'dhcp', profile: '20-wired' }])
  expect(identityCard(after, [nic], 'is').nics).toMatchObject([
    { ipv4: '192.168.8.11/24', gateway: '192.168.8.1', profile: '10-vmclone-nic0' },
  ])
})

test('a NIC whose profile went away with the old MAC is shown with the one that took its place', () => {
  const unit = '/lib/systemd/system/connman.service'
  const guestOf = (path: string, text: string): Survey => {
    const nodes = [
      link('/etc/systemd/system/multi-user.target.wants/connman.service', unit),
      guestFile(path, text),
    ]
    return { ...VM, guest: surveyGuest(new GuestTree(nodes), false) }
  }
  const old = 'ethernet_000c29aabb01_cable'
  const before = guestOf(`/var/lib/connman/${old}/settings`, `[${old}]\nIPv4.method=dhcp\n`)
  const nic = nicOf(before, connman.profiles(before.guest.tree)[0])
  const made = `[service_vmclone0]\nType=ethernet\nMAC=${nic.mac.policy === 'keep' && nic.mac.address}\nIPv4=192.168.8.11/24\n`
  const after = guestOf('/var/lib/connman/vmclone0.config', made)
  expect(identityCard(before, [nic], 'was').nics).toMatchObject([{ ipv4: 'dhcp', profile: old }])
  expect(identityCard(after, [nic], 'is').nics).toMatchObject([
    { ipv4: '192.168.8.11/24', profile: 'vmclone0', dialect: 'connman' },
  ])
})
