import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { VmxDocument } from '../../../src/machine/vmx/document.ts'
import { readNics } from '../../../src/machine/vmx/nics.ts'
import { vmxFixture, vmxOf } from '../../support/vmx.ts'

describe('fixtures', () => {
  test('Workstation', () => {
    expect(readNics(vmxFixture('workstation.vmx'))).toEqual([
      {
        device: 'ethernet0',
        mac: '00:0c:29:1a:2b:3c',
        macs: ['00:0c:29:1a:2b:3c'],
        pciSlotNumber: 33,
        vmnet: 'vmnet8',
        virtualDev: 'e1000',
      },
    ])
  })

  test('ESXi: the port group’s network is not known', () => {
    expect(readNics(vmxFixture('esxi.vmx'))).toEqual([
      {
        device: 'ethernet0',
        mac: '00:50:56:9a:01:02',
        macs: ['00:50:56:9a:01:02'],
        pciSlotNumber: 192,
        virtualDev: 'vmxnet3',
      },
    ])
  })

  test('by hand: present ones only, by number, every address that they ever had', () => {
    expect(readNics(vmxFixture('by-hand.vmx'))).toEqual([
      { device: 'ethernet0', mac: '00:0c:29:aa:bb:cc', macs: ['00:0c:29:aa:bb:cc'], vmnet: 'vmnet0' },
      {
        device: 'ethernet2',
        mac: '00:50:56:0a:0b:0c',
        macs: ['00:50:56:0a:0b:0c', '00:0c:29:aa:bb:e0'],
        vmnet: 'vmnet3',
      },
      { device: 'ethernet10', macs: [], vmnet: 'vmnet1' },
    ])
  })
})

test.each([
  ['', 'vmnet0'],
  ['connectionType = "bridged"', 'vmnet0'],
  ['connectionType = "NAT"', 'vmnet8'],
  ['connectionType = "hostonly"', 'vmnet1'],
  ['vnet = "VMnet2"\nethernet0.connectionType = "custom"', 'vmnet2'],
  ['vnet = "/dev/vmnet12"\nethernet0.connectionType = "custom"', 'vmnet12'],
  ['connectionType = "custom"', undefined],
  ['connectionType = "pvn"', undefined],
  ['networkName = "VM Network"', undefined],
])('%j is %s', (line, vmnet) => {
  const [nic] = readNics(vmxOf(`Ethernet0.Present = true\nethernet0.${line}\n`))
  expect(nic?.vmnet).toBe(vmnet)
})

test.each([
  ['static with both', 'addressType = "static"', '00:50:56:00:00:01'],
  ['generated with both', 'addressType = "generated"', '00:0c:29:00:00:02'],
  ['nothing said', 'x = ""', '00:0c:29:00:00:02'],
])('%s: the address in force', (_, line, mac) => {
  const vmx = vmxOf(
    `ethernet0.present = "TRUE"\nethernet0.${line}\nethernet0.address = "00:50:56:00:00:01"\nethernet0.generatedAddress = "00:0c:29:00:00:02"\n`,
  )
  expect(readNics(vmx)[0]?.mac).toBe(mac)
  expect(readNics(vmx)[0]?.macs).toHaveLength(2)
})

test('text that is no address is none', () => {
  expect(readNics(vmxOf('ethernet0.present = "TRUE"\nethernet0.generatedAddress = "\x1b[2J"\n'))).toEqual([
    { device: 'ethernet0', macs: [], vmnet: 'vmnet0' },
  ])
})

const edits = fc.array(
  fc.tuple(
    fc.constantFrom(
      'ethernet0.address',
      'Ethernet2.present',
      'ethernet3.present',
      'displayName',
      '.encoding',
    ),
    fc.option(fc.constantFrom('TRUE', 'FALSE', '00:50:56:01:02:03', 'UTF-8')),
  ),
  { maxLength: 5 },
)

property.prop([edits])('of an edited .vmx they are what they would be if it were read anew', (all) => {
  let vmx = vmxFixture('by-hand.vmx')
  for (const [key, value] of all) {
    vmx = value === null ? vmx.remove(key) : vmx.set(key, value)
    expect(readNics(vmx)).toEqual(readNics(VmxDocument.parse(vmx.bytes().slice(), vmx.file)))
  }
})
