import { describe, expect, it } from 'vitest'
import { parseGroups } from '../../src/guest/storage/groups.ts'
import { groupOf, isBuiltUpon, parseStack } from '../../src/guest/storage/stack.ts'

const PV = 'X137rw-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd'
const VG = 'rl0aXY-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd'
const PVS = `/dev/sda2:${PV}:1:1:rl-a`
const VGS = `rl-a:${VG}:wz--n-:0:`
const LVS = 'rl-a:linear\n  rl-a:striped'

/** What GROUPS_SCRIPT prints: each line is indented. */
const told = (pvs: string, vgs: string, lvs: string) =>
  [pvs, vgs, lvs].map((list) => `  ${list}\n`).join('=\n')

describe('what LVM tells of a volume group', () => {
  it('names it and its physical volumes', () => {
    expect(parseGroups(told(PVS, VGS, LVS))).toEqual([
      { name: 'rl-a', uuid: VG, members: [{ device: '/dev/sda2', uuid: PV, metadataCopies: 1 }] },
    ])
  })

  it.each([
    ['exported', PVS, VGS.replace('wz-', 'wzx'), LVS, 'exported'],
    ['partial', PVS, VGS.replace('wz--', 'wz-p'), LVS, 'missing'],
    ['missing', PVS, VGS.replace(':0:', ':1:'), LVS, 'missing'],
    ['clustered', PVS, VGS.replace('n-:', 'nc:'), LVS, 'shared'],
    ['shared', PVS, VGS.replace('n-:', 'ns:'), LVS, 'shared'],
    ['read-only', PVS, VGS.replace('wz', 'rz'), LVS, 'read-only'],
    ['of one system', PVS, `${VGS}node1`, LVS, 'system ID'],
    ['thin', PVS, VGS, `${LVS}\n  rl-a:thin-pool`, 'type thin-pool'],
    ['with a snapshot', PVS, VGS, 'rl-a:linear:owi-a-s---\n  rl-a:linear:swi-a-s---', 'type snapshot'],
    ['cached', PVS, VGS, 'rl-a:cache', 'type cache'],
    ['two of a name', PVS, `${VGS}\n  ${VGS.replace('rl0a', 'rl0b')}`, LVS, 'its name'],
    ['not of all areas', PVS.replace('1:1', '2:1'), VGS, LVS, 'metadata areas'],
    ['on strange devices', PVS.replace('sda2', 'a;b'), VGS, LVS, 'not usable'],
    ['on none', '', VGS, LVS, 'not usable'],
  ])('and why it cannot be set: %s', (_, pvs, vgs, lvs, obstacle) => {
    expect(parseGroups(told(pvs, vgs, lvs))[0]?.obstacle).toContain(obstacle)
  })

  it.each(['', 'a b', '-a', 'a$(b)', "a'b", '.'])('a name that is none is not taken: %j', (name) => {
    expect(parseGroups(told(PVS, VGS.replace('rl-a', name), LVS))).toEqual([])
  })
})

describe('what stands on what', () => {
  const STACK = `sda disk sda 
sda1 part sda1 sda
dm-0 lvm my--vg-root sda1
dm-1 lvm my--vg-data sda1
dm-2 crypt crypt_vg_data dm-1
dm-3 lvm other-x-y sdb
dm-4 lvm other-x sdb
=
`
  const stack = parseStack(STACK)

  it('tells the group of a logical volume', () => {
    const groups = stack.rows.map((row) => groupOf(row))
    expect(groups).toEqual([undefined, undefined, 'my-vg', 'my-vg', undefined, 'other', 'other'])
  })

  it('tells what stands on a group', () => {
    expect(['my-vg', 'other'].map((group) => isBuiltUpon(group, stack))).toEqual([true, false])
  })
})
