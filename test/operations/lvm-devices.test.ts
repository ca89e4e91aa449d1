import { expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { lvmDevices } from '../../src/operations/lvm-devices.ts'
import { identityOf, run, surveyOf } from '../support/clone.ts'

const PVID = 'PVID=abcdefghijklmnopqrstuvwxyz012345 PART=2'

it.each([
  [`VERSION=1.1.2\nIDTYPE=sys_wwid IDNAME=naa.6000c29d3c4b1a DEVNAME=/dev/sda2 ${PVID}\n`, 1],
  [`IDTYPE=sys_wwid IDNAME=nvme.15ad-564d576172 DEVNAME=/dev/nvme0n1p2 ${PVID}\n`, 1],
  [`# IDTYPE=sys_wwid IDNAME=naa.6000c29d3c4b1a\n`, 0],
  [`IDTYPE=devname IDNAME=/dev/sda2 DEVNAME=/dev/sda2 ${PVID}\n`, 0],
  [`IDTYPE=mpath_uuid IDNAME=mpath-36000 DEVNAME=/dev/mapper/a ${PVID}\n`, 0],
])('tells of ids that a copy of a disk may not have: %j', (text, count) => {
  const { changes, notices } = run(
    surveyOf([guestFile('/etc/lvm/devices/system.devices', text)]),
    identityOf({}),
    lvmDevices,
  )
  expect([changes, notices.map(({ code }) => code)]).toEqual([[], Array(count).fill('lvm-devices')])
})
