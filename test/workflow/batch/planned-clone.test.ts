import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { seededDraw } from '../../../src/identity/draw.ts'
import { VmxDocument } from '../../../src/machine/vmx/document.ts'
import type { Survey } from '../../../src/operations/survey.ts'
import { unifiedDiff } from '../../../src/transaction/diff.ts'
import { standInKeys } from '../../../src/workflow/batch/key-source.ts'
import { draftClone, type Ground, planDraft } from '../../../src/workflow/batch/plan-rows.ts'
import { type PlannedClone, PlanRoom } from '../../../src/workflow/batch/planned-clone.ts'
import { selectOperations } from '../../../src/workflow/select.ts'
import { surveyGuest } from '../../../src/workflow/survey-guest.ts'
import { readGolden } from '../../support/golden.ts'
import { vmOf } from '../../support/machine.ts'
import { row } from './facts.ts'

const VMX = VmxDocument.parse(readFileSync('fixtures/vmx/workstation.vmx'), 'node1.vmx')

function groundOf(guest: string, ...more: GuestNode[]): Ground {
  const { before } = readGolden(join('fixtures/guests', guest))
  const tree = more.length === 0 ? before : new GuestTree([...before.nodes(), ...more])
  const survey: Survey = { ...vmOf(VMX), guest: surveyGuest(tree, false) }
  const { machine } = survey
  if (machine === undefined) throw new Error('no machine')
  return {
    survey,
    operations: selectOperations({ enable: [], disable: [] }),
    machineOf: () => machine,
    drawOf: ({ name }) => seededDraw('seed', name),
    taken: { macs: new Set(), uuids: new Set() },
    hostsBlock: [{ address: '192.168.8.11', names: ['web1'] }],
  }
}

function plan(guest: string): PlannedClone {
  const ground = groundOf(guest)
  const one = row(2, 'web1', { ip: '192.168.8.11', prefix: 24, gateway: '192.168.8.2' })
  const keys = standInKeys(ground.survey, one.request)
  return planDraft(ground, draftClone(ground, one, keys), keys)
}

describe.each(['debian12-ifupdown-static-to-static', 'rocky9-keyfile-dhcp-to-static'])(
  'the plan of a clone of %s',
  (guest) => {
    it('is made again as it was, where there is no room to keep it', () => {
      const planned = plan(guest)
      const kept = planned.changes
      expect(planned.settle(new PlanRoom(0))).toBe(false)
      expect(planned.changes).not.toBe(kept)
      expect(planned.changes).toEqual(kept)
      expect(planned.changes.map((change) => unifiedDiff(change))).toEqual(
        kept.map((change) => unifiedDiff(change)),
      )
    })

    it('names no fingerprints of keys that are not made yet', () => {
      expect(plan(guest).card.sshHostKeys).toEqual([])
    })

    it('is kept where there is room', () => {
      const planned = plan(guest)
      const kept = planned.changes
      const room = new PlanRoom()
      expect([planned.settle(room), planned.settle(room)]).toEqual([true, true])
      expect(planned.changes).toBe(kept)
    })
  },
)

it('takes room once, and as long as there is some', () => {
  const planned = plan('debian12-ifupdown-static-to-static')
  const bytes = planned.changes.reduce(
    (sum, change) => sum + 512 + (change.kind === 'write' ? change.after.length : 0),
    0,
  )
  const room = new PlanRoom(bytes)
  expect([planned.settle(room), planned.settle(room)]).toEqual([true, true])
  expect(plan('debian12-ifupdown-static-to-static').settle(room)).toBe(false)
})

it('shows of the template the profile that the clone’s NIC goes by', () => {
  const text = '[connection]\nid=spare\ntype=ethernet\ninterface-name=ens99\n\n[ipv4]\nmethod=auto\n'
  const spare = guestFile('/etc/NetworkManager/system-connections/spare.nmconnection', text, { mode: 0o600 })
  const ground = groundOf('rocky9-keyfile-dhcp-to-static', spare)
  const was = ['ens192', 'spare', 'spare', 'ens192'].map((profile, i) => {
    const one = row(i + 2, `web${i}`, { ip: '192.168.8.11', prefix: 24, gateway: '192.168.8.2', profile })
    const keys = standInKeys(ground.survey, one.request)
    return planDraft(ground, draftClone(ground, one, keys), keys).was
  })
  expect(was.map(({ nics }) => nics[0]?.profile)).toEqual(['ens192', 'spare', 'spare', 'ens192'])
  expect(was[2]).toBe(was[1])
})
