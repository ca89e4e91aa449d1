import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, it } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Draw } from '../../src/identity/draw.ts'
import { fixedIdentity } from '../../src/identity/fixed.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { CloneRequest, NicRequest } from '../../src/identity/request.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { hostKeyTypes } from '../../src/operations/host-keys.ts'
import type { Survey } from '../../src/operations/survey.ts'
import type { Change } from '../../src/transaction/change.ts'
import { planClone } from '../../src/workflow/plan.ts'
import { resolveIdentity } from '../../src/workflow/resolve.ts'
import { keepingDisabled, selectOperations } from '../../src/workflow/select.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { pairOf } from '../support/clone.ts'
import { readGolden } from '../support/golden.ts'
import { vmOf } from '../support/machine.ts'

const GUESTS = ['debian12-ifupdown-dhcp-to-static', 'debian12-ifupdown-static-to-static']
const VMX = VmxDocument.parse(readFileSync('fixtures/vmx/workstation.vmx'), 'node1.vmx')

/** Bytes that differ from call to call, the same in every run. */
function counting(): Draw {
  let next = 1
  return { bytes: (length) => Uint8Array.from({ length }, () => (next = (next * 73 + 41) & 0xff)) }
}

function surveyed(guest: string): Survey {
  return { ...vmOf(VMX), guest: surveyGuest(readGolden(join('fixtures/guests', guest)).before, false) }
}

function planned(survey: Survey, asked: CloneRequest, draw: Draw, earlier?: Identity) {
  const operations = selectOperations(asked)
  const devices = (survey.machine?.nics ?? []).map(({ device }) => device)
  const request = keepingDisabled(asked, operations, devices)
  const pairs = hostKeyTypes(survey.guest.tree).map((type) => pairOf(type, 'node1'))
  const policy = request.sshKeys ?? 'new'
  const sshKeys: Identity['sshKeys'] = earlier
    ? { policy: 'keep' }
    : policy === 'new'
      ? { policy: 'set', pairs }
      : { policy }
  const fixed = earlier && fixedIdentity(earlier, { oldKeys: [], storageIds: [], resets: [] })
  const { identity } = resolveIdentity(survey, request, { draw, fixed, sshKeys })
  return { identity, ...planClone(survey, identity, operations) }
}

/** What tells a clone from its template; an empty text where it has none. */
function traits({ machine, guest }: Survey) {
  const text = (pattern: string) =>
    guest.tree.glob(pattern).map(({ path }) => `${path} ${guest.tree.text(path)}`)
  return {
    uuid: machine?.vmx.get('uuid.bios') ?? '',
    mac: machine?.nics[0]?.mac ?? '',
    machineId: text('/etc/machine-id').join(),
    sshKeys: text('/etc/ssh/ssh_host_*').join(),
    seed: text('/var/lib/systemd/random-seed').join(),
    leases: text('/var/lib/dhcp/*').join(),
  }
}

function asText(change: Change): string {
  const after = change.kind === 'write' ? Buffer.from(change.after).toString('latin1') : ''
  return `${change.kind} ${change.at} ${change.path}: ${change.summary}\n${after}`
}

const host = fc.integer({ min: 20, max: 120 })
const nic: fc.Arbitrary<NicRequest> = fc.record(
  {
    ip: host.map((last) => `192.168.8.${last}`),
    prefix: fc.constantFrom(24, 22),
    gateway: fc.constantFrom('192.168.8.2', '192.168.8.1', 'none'),
    dns: fc.uniqueArray(fc.constantFrom('1.1.1.1', '9.9.9.9', '192.168.8.2'), { minLength: 1 }),
    search: fc.uniqueArray(fc.constantFrom('lab', 'example.org'), { minLength: 1 }),
    mac: fc.constantFrom('new', 'keep', 'vmware', '00:50:56:01:02:03'),
  },
  { requiredKeys: ['ip', 'gateway'] },
)
const request: fc.Arbitrary<CloneRequest> = fc.record(
  {
    name: fc.constantFrom('Node 1', 'Knoten'),
    hostname: fc.constantFrom('auto', 'keep', 'web1', 'web1.example.org'),
    uuid: fc.constantFrom('new', 'keep', 'vmware', '564d0000-1111-2222-3333-444455556666'),
    machineId: fc.constantFrom('new', 'keep', 'empty'),
    sshKeys: fc.constantFrom('new', 'keep', 'delete'),
    nics: fc.array(fc.oneof(nic, fc.constant({ dhcp: true })), { maxLength: 1 }),
    hosts: fc.uniqueArray(
      fc.record({
        address: host.map((last) => `192.168.8.${last}`),
        names: fc.constantFrom(['db1'], ['db2', 'db2.lab']),
      }),
      { maxLength: 2, selector: ({ names }) => names[0] },
    ),
    enable: fc.constant([]),
    disable: fc.uniqueArray(fc.constantFrom('hosts', 'mac', 'machine-id', 'network', 'ssh-host-keys')),
  },
  { requiredKeys: ['nics', 'hosts', 'enable', 'disable'] },
)

describe.each(GUESTS)('a plan for %s', (guest) => {
  const survey = surveyed(guest)

  it.prop([request])('leaves nothing to do once it was followed', (asked) => {
    const once = planned(survey, asked, counting())
    const { before: _, ...after } = once.after()
    const twice = planned(after, asked, counting(), once.identity)
    expect(twice.changes.map(({ path, summary }) => `${path}: ${summary}`)).toEqual([])
  })

  it.prop([request])('leaves nothing of the template that was not to be kept', (asked) => {
    const { after } = planned(survey, asked, counting())
    const was = traits(survey)
    const is = traits(after())
    const off = (name: string) => asked.disable.includes(name)
    const mac = asked.nics[0]?.mac
    const kept = {
      uuid: asked.uuid === 'keep',
      mac: mac === 'keep' || off('mac'),
      machineId: asked.machineId === 'keep' || off('machine-id'),
      sshKeys: asked.sshKeys === 'keep' || off('ssh-host-keys'),
      seed: false,
      leases: false,
    }
    for (const [trait, keeps] of Object.entries(kept) as [keyof typeof kept, boolean][]) {
      expect([trait, is[trait] === was[trait]]).toEqual([trait, keeps || was[trait] === ''])
    }
  })

  it.prop([request])('is the same whenever it is made', (asked) => {
    const [one, other] = [1, 2].map(() =>
      JSON.stringify(planned(survey, asked, counting()).changes.map(asText)),
    )
    expect(one).toBe(other)
  })
})
