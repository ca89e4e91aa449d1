import { describe, expect, test } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { displayName } from '../../src/operations/display-name.ts'
import { vmxLeftovers } from '../../src/operations/vmx-leftovers.ts'
import { vmxf } from '../../src/operations/vmxf.ts'
import { identityOf } from '../support/clone.ts'
import { plan, vmOf } from '../support/machine.ts'
import { vmxBytes, vmxFixture } from '../support/vmx.ts'

describe('display-name', () => {
  const survey = vmOf(vmxFixture('chinese.vmx'))

  test('only on request, in the file’s encoding', () => {
    expect(plan(survey, identityOf({}), displayName).changes).toEqual([])
    const { vmx, changes } = plan(survey, identityOf({ displayName: '节点 2' }), displayName)
    expect(vmx.get('displayName')).toBe('节点 2')
    expect(changes).toMatchObject([
      { at: 'vmx', path: 'node1.vmx', operation: 'display-name', summary: 'display name 节点 2' },
    ])
  })

  test('a name that is there already is no change, one that does not fit is refused', () => {
    expect(plan(survey, identityOf({ displayName: 'Ubuntu 64 位' }), displayName).changes).toEqual([])
    expect(() => plan(survey, identityOf({ displayName: '😀' }), displayName)).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE' }),
    )
  })
})

describe('vmx-leftovers', () => {
  const identity = identityOf({ uuid: { policy: 'set', value: '564d0000-0000-0000-0000-000000000001' } })

  test('what names the template goes', () => {
    const once = plan(vmOf(vmxFixture('esxi.vmx')), identity, vmxLeftovers)
    expect(toByteText(once.vmx.bytes())).toBe(
      toByteText(vmxBytes('esxi.vmx')).replace(
        /^(sched\.swap\.derivedName|migrate\.hostlog|vm\.createDate) = .*\n/gm,
        '',
      ),
    )
    expect(once.changes[0]?.summary).toBe('sched.swap.derivedName, migrate.hostLog, vm.createDate deleted')
    expect(plan(once.survey, identity, vmxLeftovers).changes).toEqual([])
  })

  test('what VMware wrote for this clone stays', () => {
    const held = identityOf({ uuid: { policy: 'set', value: '421e0b8d-90a1-b2c3-d4e5-f60718293a4b' } })
    expect(plan(vmOf(vmxFixture('esxi.vmx')), held, vmxLeftovers).changes).toEqual([])
  })
})

describe('vmxf', () => {
  const identity = identityOf({ vmxfId: Uint8Array.from({ length: 16 }, (_, i) => i + 1) })
  const surveyWith = (bytes: Uint8Array) => vmOf(vmxFixture('workstation.vmx'), { name: 'old.vmxf', bytes })

  test('new VMId, beginning with 52, and the name of this .vmx', () => {
    const once = plan(surveyWith(vmxBytes('single.vmxf')), identity, vmxf)
    expect(once.changes).toMatchObject([{ at: 'host', kind: 'write', path: 'old.vmxf', operation: 'vmxf' }])
    const text = toByteText(once.survey.machine?.vmxf?.bytes ?? new Uint8Array())
    expect(text).toContain('>52 02 03 04 05 06 07 08-09 0a 0b 0c 0d 0e 0f 10</VMId>')
    expect(text).toContain('>node1.vmx</vmxPathName>')
    expect(plan(once.survey, identity, vmxf).changes).toEqual([])
  })

  test('several VMs get ids that differ', () => {
    const { survey } = plan(surveyWith(vmxBytes('team.vmxf')), identity, vmxf)
    const ids = toByteText(survey.machine?.vmxf?.bytes ?? new Uint8Array()).match(/52 02[ 0-9a-f-]+/g)
    expect(new Set(ids).size).toBe(2)
  })

  test('broken XML is left and said; no file, or an empty one, is nothing', () => {
    const { changes, notices } = plan(surveyWith(fromByteText('<Foundry><VM></Foundry>')), identity, vmxf)
    expect(changes).toEqual([])
    expect(notices).toMatchObject([{ code: 'vmxf-left' }])
    expect(plan(surveyWith(new Uint8Array()), identity, vmxf)).toMatchObject({ changes: [], notices: [] })
    expect(plan(vmOf(vmxFixture('workstation.vmx')), identity, vmxf)).toMatchObject({
      changes: [],
      notices: [],
    })
  })
})
