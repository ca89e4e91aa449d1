import { describe, expect, test } from 'vitest'
import { toByteText } from '../../src/formats/bytes.ts'
import { biosUuid } from '../../src/operations/bios-uuid.ts'
import { identityOf } from '../support/clone.ts'
import { plan, vmOf } from '../support/machine.ts'
import { vmxBytes, vmxFixture } from '../support/vmx.ts'

const generationId = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 254, 0, 0, 0, 0, 0, 0, 0, 5)
const given = identityOf({
  uuid: { policy: 'set', value: '564daabb-ccdd-eeff-0011-223300000102' },
  machineId: { policy: 'set', value: 'f'.repeat(32) },
  generationId,
})
const left = identityOf({ uuid: { policy: 'vmware' }, generationId })

describe('set', () => {
  test('Workstation: UUID and VMCI id in place, location gone, nothing added', () => {
    const { changes, vmx } = plan(vmOf(vmxFixture('workstation.vmx')), given, biosUuid)
    expect(changes).toMatchObject([
      {
        at: 'vmx',
        path: 'node1.vmx',
        operation: 'bios-uuid',
        summary: 'UUID 564daabb-ccdd-eeff-0011-223300000102',
      },
    ])
    expect(toByteText(vmx.bytes())).toBe(
      toByteText(vmxBytes('workstation.vmx'))
        .replace(/uuid\.bios = .*/, 'uuid.bios = "56 4d aa bb cc dd ee ff-00 11 22 33 00 00 01 02"')
        .replace(/uuid\.location = .*\n/, '')
        .replace('vmci0.id = "-1541788868"', 'vmci0.id = "258"'),
    )
  })

  test('ESXi: all that hangs on it', () => {
    const { vmx } = plan(vmOf(vmxFixture('esxi.vmx')), given, biosUuid)
    expect(
      ['uuid.location', 'vc.uuid', 'policy.vm.mvmtid', 'vmci0.id', 'vm.genid', 'vm.genidX'].map((key) =>
        vmx.get(key),
      ),
    ).toEqual([undefined, '', '', '258', '-2', '5'])
    expect(vmx.get('scsi0.sasWWID')).toBe('50 05 05 6b cc dd ee f0')
    expect(vmx.get('scsi1.sasWWID')).toBe('50 05 05 6b cc dd ef f0')
    expect(vmx.get('answer.msg.uuid.altered')).toBeUndefined()
  })

  test('what would make VMware replace our UUID goes; keep stays', () => {
    const { vmx } = plan(vmOf(vmxFixture('windows-host.vmx')), given, biosUuid)
    expect(vmx.get('uuid.action')).toBeUndefined()
    const keeping = vmxFixture('windows-host.vmx').set('uuid.action', 'keep')
    expect(plan(vmOf(keeping), given, biosUuid).vmx.get('uuid.action')).toBe('keep')
  })

  test('a VM without a UUID gets one, and nothing else', () => {
    const { vmx } = plan(vmOf(vmxFixture('korean.vmx')), given, biosUuid)
    expect(vmx.keys()).toEqual([...vmxFixture('korean.vmx').keys(), 'uuid.bios'])
  })

  test('what VMware wrote at the first power-on stays when the same is asked for again', () => {
    const { survey } = plan(vmOf(vmxFixture('esxi.vmx')), given, biosUuid)
    const machine = survey.machine as NonNullable<typeof survey.machine>
    const vmx = machine.vmx.set('uuid.location', '56 4d 01').set('vc.uuid', '52 01').set('vm.genid', '77')
    const uuidOnly = identityOf({ uuid: given.uuid, generationId })
    expect(plan({ ...survey, machine: { ...machine, vmx } }, uuidOnly, biosUuid).changes).toEqual([])
  })
})

describe('left to VMware', () => {
  test('blank, and to be made without a question', () => {
    const { vmx, changes } = plan(vmOf(vmxFixture('esxi.vmx')), left, biosUuid)
    expect(changes[0]?.summary).toBe('UUID left to VMware')
    expect(['uuid.bios', 'uuid.location', 'uuid.action', 'vc.uuid'].map((key) => vmx.get(key))).toEqual([
      '',
      undefined,
      'create',
      '',
    ])
    expect(vmx.keys().filter((key) => /sasWWID|vmci0\.id/.test(key))).toEqual([])
    expect(vmx.get('vm.genid')).toBe('-2')
  })
})

test.each([
  ['set', given],
  ['left to VMware', left],
])('%s: twice is once', (_, identity) => {
  for (const file of ['workstation', 'windows-host', 'esxi', 'by-hand', 'chinese', 'korean']) {
    const once = plan(vmOf(vmxFixture(`${file}.vmx`)), identity, biosUuid)
    expect(once.changes).toHaveLength(1)
    expect(plan(once.survey, identity, biosUuid).changes).toEqual([])
  }
})

test('kept: nothing changes', () => {
  expect(plan(vmOf(vmxFixture('esxi.vmx')), identityOf({ generationId }), biosUuid).changes).toEqual([])
})
