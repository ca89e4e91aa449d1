import { describe, expect, test } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { systemDraw } from '../../src/identity/draw.ts'
import { fixedIdentity } from '../../src/identity/fixed.ts'
import type { CloneRequest, NicRequest } from '../../src/identity/request.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { observeNetwork } from '../../src/network/detect.ts'
import type { MacChange } from '../../src/network/model.ts'
import { resolveIdentity } from '../../src/workflow/resolve.ts'
import { surveyOf } from '../support/clone.ts'
import { vmOf } from '../support/machine.ts'

const NAMED = [
  guestFile('/etc/hostname', 'web1\n'),
  guestFile('/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 web1.example.test web1\n'),
]
const { machine } = vmOf(VmxDocument.parse(Buffer.from('displayName = "x"\n'), 'x.vmx'))

/** Codes of the notices for a VM whose .vmx is called so. */
function codes(vmx: string, request: Partial<CloneRequest> = {}, nodes = NAMED, again = false): string[] {
  const survey = { ...surveyOf(nodes), ...(machine && { machine: { ...machine, name: vmx } }) }
  const made = { draw: systemDraw, fixed: undefined, sshKeys: { policy: 'keep' } } as const
  const whole = { nics: [], hosts: [], enable: [], disable: [], ...request }
  const { identity, notices } = resolveIdentity(survey, whole, made)
  if (!again) return notices.map(({ code }) => code)
  const fixed = fixedIdentity(identity, { oldKeys: [], storageIds: [], resets: [] })
  return resolveIdentity(survey, whole, { ...made, fixed }).notices.map(({ code }) => code)
}

test.each<[string, string[], string[]]>([
  ['its .vmx is called as its guest', codes('web1'), ['hostname-unchanged']],
  ['so is it asked for', codes('web1', { hostname: 'auto' }), ['hostname-unchanged']],
  ['its .vmx is called otherwise', codes('web2'), []],
  ['somebody gave that name', codes('web1', { hostname: 'web1' }), []],
  ['the name is to stay', codes('web1', { hostname: 'keep' }), []],
  ['its guest has no name', codes('web1', {}, []), []],
  ['it was fixed before', codes('web1', {}, NAMED, true), []],
])('notices of a clone where %s: %j', (_when, found, wanted) => {
  expect(found).toEqual(wanted)
})

describe('a guest that knows its adapter by an address that no adapter has any longer', () => {
  const THEIRS = '00:0c:29:3a:5b:7c'
  const GIVEN = '00:50:56:01:02:03'
  const nodes = [
    guestFile(
      '/etc/netplan/50-cloud-init.yaml',
      `network: {version: 2, ethernets: {lan: {match: {macaddress: ${THEIRS}}, set-name: ens33, dhcp4: true}}}\n`,
    ),
    guestFile('/usr/sbin/netplan', ''),
  ]
  /** The adapter's change of address, by what the .vmx says of adapters. */
  function macChange(vmx: string, request: NicRequest = {}): MacChange | undefined {
    const { machine } = vmOf(VmxDocument.parse(Buffer.from(`ethernet0.present = "TRUE"\n${vmx}`), 'x.vmx'))
    const network = observeNetwork(surveyOf(nodes).guest.tree)
    const survey = { ...surveyOf(nodes, network && { network }), ...(machine && { machine }) }
    const made = { draw: systemDraw, fixed: undefined, sshKeys: { policy: 'keep' } } as const
    const whole = { nics: [{ mac: GIVEN, ...request }], hosts: [], enable: [], disable: [] }
    return resolveIdentity(survey, whole, made).identity.nics[0]?.macChange
  }

  test.each<[string, NicRequest, MacChange]>([
    ['', {}, { from: [THEIRS], to: GIVEN }],
    [
      'ethernet0.generatedAddress = "00:0c:29:99:99:99"\n',
      {},
      { from: ['00:0c:29:99:99:99', THEIRS], to: GIVEN },
    ],
    [
      'ethernet0.generatedAddress = "00:0c:29:99:99:99"\n',
      { mac: 'keep' },
      { from: [THEIRS], to: '00:0c:29:99:99:99' },
    ],
    ['ethernet0.pciSlotNumber = "33"\n', { mac: 'vmware' }, { from: [THEIRS] }],
    ['', { mac: 'keep' }, { from: [] }],
    [
      'ethernet0.generatedAddress = "00:0c:29:99:99:99"\nethernet1.present = "TRUE"\n',
      {},
      { from: ['00:0c:29:99:99:99'], to: GIVEN },
    ],
    [
      `ethernet1.present = "TRUE"\nethernet1.generatedAddress = "${THEIRS}"\n`,
      { device: 'ethernet0' },
      { from: [], to: GIVEN },
    ],
  ])('%j, asked %j: %j', (vmx, request, wanted) => {
    expect(macChange(vmx, request)).toEqual(wanted)
  })
})
