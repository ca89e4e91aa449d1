import { describe, expect, test } from 'vitest'
import { toByteText } from '../../src/formats/bytes.ts'
import type { NicIdentity } from '../../src/identity/identity.ts'
import { mac } from '../../src/operations/mac.ts'
import { identityOf, nicOf } from '../support/clone.ts'
import { plan, vmOf } from '../support/machine.ts'
import { vmxBytes, vmxFixture, vmxOf } from '../support/vmx.ts'

const set = (address: string, device = 'ethernet0') => nicOf({ device, mac: { policy: 'set', address } })
const vmware = nicOf({ mac: { policy: 'vmware' } })
const uuid = { policy: 'set', value: '564d0000-0000-0000-0000-000000000001' } as const
const fix = (file: string, ...nics: NicIdentity[]) =>
  plan(vmOf(vmxFixture(file)), identityOf({ nics, uuid }), mac)

test('static in range: type and address, the generated keys gone, nothing else', () => {
  const { changes, notices, vmx } = fix('workstation.vmx', set('00:50:56:12:34:56'))
  const before = toByteText(vmxBytes('workstation.vmx'))
  expect(changes).toMatchObject([
    { at: 'vmx', kind: 'write', path: 'node1.vmx', operation: 'mac', summary: 'ethernet0 00:50:56:12:34:56' },
  ])
  expect(changes[0]?.before).toEqual(vmxBytes('workstation.vmx'))
  expect(toByteText(vmx.bytes())).toBe(
    `${before
      .replace('addressType = "generated"', 'addressType = "static"')
      .replace('ethernet0.generatedAddress = "00:0c:29:1a:2b:3c"\n', '')
      .replace('ethernet0.generatedAddressOffset = "0"\n', '')}ethernet0.address = "00:50:56:12:34:56"\n`,
  )
  expect(notices).toEqual([])
})

test('several NICs in one change, the file’s case and line ends kept', () => {
  const { changes, vmx } = fix('by-hand.vmx', set('00:50:56:00:00:01'), set('00:50:56:00:00:02', 'ethernet2'))
  expect(changes).toHaveLength(1)
  expect(changes[0]?.summary).toBe('ethernet0 00:50:56:00:00:01, ethernet2 00:50:56:00:00:02')
  const text = toByteText(vmx.bytes())
  expect(text).toContain('ethernet0.addresstype = static\n')
  expect(text).toContain('ethernet2.address = "00:50:56:00:00:02"\n')
  expect(text).not.toMatch(/generatedaddress/i)
  expect(text).toContain('ethernet1.address = "00:50:56:01:02:03"\n')
})

test('outside of the range the check is switched off, and it is said', () => {
  const { notices, vmx } = fix('workstation.vmx', set('52:54:00:12:34:56'))
  expect(vmx.get('ethernet0.checkMACAddress')).toBe('FALSE')
  expect(notices).toMatchObject([{ code: 'mac-outside-range' }])
  expect(
    fix('workstation.vmx', set('00:50:56:00:00:01')).vmx.get('ethernet0.checkMACAddress'),
  ).toBeUndefined()
})

test('an address in upper case is the same address', () => {
  const { changes } = fix('windows-host.vmx', set('00:50:56:2a:bb:cc'))
  expect(changes).toEqual([])
})

describe('left to VMware', () => {
  test('every address goes', () => {
    const { vmx } = fix('windows-host.vmx', vmware)
    expect(vmx.get('ethernet0.addressType')).toBe('generated')
    expect(vmx.keys().filter((key) => /address$|offset$/i.test(key))).toEqual([])
    expect(fix('workstation.vmx', vmware).vmx.get('ethernet0.generatedAddress')).toBeUndefined()
  })

  test('also where nothing else is asked for', () => {
    const { vmx } = plan(vmOf(vmxFixture('workstation.vmx')), identityOf({ nics: [vmware] }), mac)
    expect(vmx.get('ethernet0.generatedAddress')).toBeUndefined()
  })
})

describe('kept', () => {
  test('nothing changes; a generated address under a new UUID is warned of', () => {
    const { changes, notices } = fix('workstation.vmx', nicOf({}))
    expect(changes).toEqual([])
    expect(notices).toMatchObject([{ code: 'mac-not-kept' }])
    expect(fix('windows-host.vmx', nicOf({})).notices).toEqual([])
  })
})

test.each([
  ['set', 'workstation.vmx', set('00:50:56:12:34:56')],
  ['outside', 'workstation.vmx', set('52:54:00:12:34:56')],
  ['by hand', 'by-hand.vmx', set('00:50:56:12:34:56', 'ethernet2')],
  ['vmware', 'windows-host.vmx', vmware],
  ['vmware from vpx', 'esxi.vmx', vmware],
])('%s: twice is once', (_, file, nic) => {
  const once = fix(file, nic)
  expect(once.changes).toHaveLength(1)
  expect(plan(once.survey, identityOf({ nics: [nic], uuid }), mac).changes).toEqual([])
})

test('a tree without a machine has nothing to do', () => {
  const { guest, vmnets } = vmOf(vmxOf(''))
  expect(mac.plan({ guest, vmnets }, identityOf({ nics: [vmware] })).changes).toEqual([])
})
