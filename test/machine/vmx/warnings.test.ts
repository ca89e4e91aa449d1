import { expect, test } from 'vitest'
import { machineNotices } from '../../../src/machine/vmx/warnings.ts'
import { vmxFixture, vmxOf } from '../../support/vmx.ts'

test.each([
  ['workstation.vmx', []],
  ['esxi.vmx', []],
  ['windows-host.vmx', ['disk-nonpersistent']],
  ['by-hand.vmx', ['vmx-duplicate-keys', 'vmx-malformed-lines']],
])('%s: %j', (file, codes) => {
  expect(machineNotices(vmxFixture(file)).map(({ code }) => code)).toEqual(codes)
})

test.each([
  ['vtpm.present = "TRUE"', 'vtpm-present'],
  ['serialNumber = "C02"', 'macos-identity'],
  ['board-id = "Mac-1"', 'macos-identity'],
  ['efi.nvram.var.MLB = "C02"', 'macos-identity'],
  ['ctkEnabled = "TRUE"', 'change-tracking'],
  ['scsi0:0.ctkEnabled = "true"', 'change-tracking'],
  ['guestinfo.metadata = "aGk="', 'guestinfo-present'],
])('%s gives %s', (line, code) => {
  expect(machineNotices(vmxOf(`${line}\n`))).toMatchObject([{ code }])
})

test.each([
  'vtpm.present = "FALSE"',
  'serialNumber = ""',
  'ctkEnabled = "FALSE"',
  'guestinfo.detailed.data = "x"',
])('%s gives nothing', (line) => {
  expect(machineNotices(vmxOf(`${line}\n`))).toEqual([])
})

test('values are not told: they may be secrets', () => {
  const [notice] = machineNotices(vmxOf('guestinfo.userdata = "hunter2"\n'))
  expect(JSON.stringify(notice)).not.toContain('hunter2')
})
