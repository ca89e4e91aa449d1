import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import type { NicIdentity } from '../../src/identity/identity.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { networkd } from '../../src/network/dialects/networkd.ts'
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

test('a NIC that got a profile of its own beside a shared one is shown with its own', () => {
  const before = surveyed()
  const mac = before.machine?.nics[0]?.mac ?? ''
  const [profile] = networkd.profiles(before.guest.tree)
  expect(profile?.shared).toBe(true)
  const nic = {
    device: 'ethernet0',
    profile,
    mac: { policy: 'keep', address: mac },
    macChange: { from: [] },
    addressing: {},
  } as NicIdentity
  const own = `[Match]\nName=en*\nMACAddress=${mac}\n\n[Network]\nAddress=192.168.8.11/24\nGateway=192.168.8.1\n`
  const after = surveyed(['/etc/systemd/network/10-vmclone-nic0.network', own])
  expect(identityCard(before, [nic], 'was').nics).toMatchObject([{ ipv4: 'dhcp', profile: '20-wired' }])
  expect(identityCard(after, [nic], 'is').nics).toMatchObject([
    { ipv4: '192.168.8.11/24', gateway: '192.168.8.1', profile: '10-vmclone-nic0' },
  ])
})
