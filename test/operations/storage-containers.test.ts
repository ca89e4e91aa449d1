import { describe, expect, it } from 'vitest'
import type { StorageId } from '../../src/guest/storage-id.ts'
import { guestFile } from '../../src/guest/tree.ts'
import { codes, devices, GRUB, GUID, id, plan, ROOT, renewed } from '../support/storage-plan.ts'

describe('LUKS', () => {
  const luks = (more: Partial<StorageId> = {}): StorageId[] => [
    id('/dev/sda1', 'ext4', ROOT),
    { ...id('/dev/sdb1', 'crypto_LUKS', GUID, 'container'), ...more },
  ]
  const crypttab = (uuid: string, options = 'luks') =>
    guestFile('/etc/crypttab', `data UUID=${uuid} none ${options}\n`)
  const cfg = (line: string) => guestFile('/boot/grub/grub.cfg', `${line}\nsearch --fs-uuid ${ROOT}\n`)
  const mkinitcpio = guestFile('/etc/mkinitcpio.conf', '')
  const tools = guestFile('/usr/share/initramfs-tools/functions', '')

  it('is renewed where the running system alone unlocks it', () => {
    const outcome = plan([GRUB, tools, crypttab(GUID)], luks({ carries: ['/srv'] }))
    expect(devices(outcome)).toEqual(['/dev/sda1 filesystem', '/dev/sdb1 container'])
    expect(outcome.text('/etc/crypttab')).toBe(`data UUID=${renewed(GUID)} none luks\n`)
    expect(outcome.changes.find(({ path }) => path === '/dev/sdb1')?.summary).toBe(
      `LUKS UUID ${GUID} → ${renewed(GUID)}`,
    )
    expect(codes(outcome)).toEqual([])
  })

  it.each([
    ['the root is on it', crypttab(GUID), { carries: ['/', '/home'] }, 'the initramfs'],
    ['/usr is on it', crypttab(GUID), { carries: ['/usr'] }, 'the initramfs'],
    ['swap is on it', crypttab(GUID), { carries: ['swap'] }, 'the initramfs'],
    ['crypttab wants it early', crypttab(GUID, 'luks,initramfs'), {}, 'the initramfs'],
    ['systemd wants it early', crypttab(GUID, 'x-initrd.attach'), {}, 'the initramfs'],
    ['the kernel is told of it', cfg(`linux /vmlinuz rd.luks.uuid=luks-${GUID}`), {}, 'the initramfs'],
    ['GRUB opens it', cfg(`cryptomount -u ${GUID.replaceAll('-', '')}`), {}, 'the initramfs'],
    ['GRUB is on it', crypttab(GUID), { carries: ['/boot'] }, 'GRUB has that UUID built in'],
    ['it is locked', crypttab(GUID), { obstacle: 'it is locked' }, 'it is locked'],
  ] as const)('is left where %s', (_, file, more, reason) => {
    const outcome = plan([GRUB, tools, file], luks(more))
    expect(devices(outcome)).toEqual(['/dev/sda1 filesystem'])
    expect(outcome.text(file.path)).toContain(GUID.slice(0, 8))
    expect(outcome.notices).toMatchObject([{ code: 'storage-id-left' }])
    expect(outcome.notices[0]?.message).toContain(`the LUKS UUID of /dev/sdb1; ${reason}`)
  })

  it('is left where dracut has its arguments from a file that names it', () => {
    const dracut = guestFile('/usr/lib/dracut/dracut-functions.sh', '')
    const named = guestFile('/etc/cmdline.d/data.conf', `rd.luks.uuid=luks-${GUID}\n`)
    expect(codes(plan([GRUB, dracut, named], luks({ carries: ['/srv'] })))).toEqual(['storage-id-left'])
    expect(codes(plan([GRUB, mkinitcpio, named], luks({ carries: ['/srv'] })))).toEqual([])
  })

  it('is renewed below the root where the initramfs has it from the kernel’s arguments', () => {
    const named = (uuid: string) => `linux /vmlinuz cryptdevice=UUID=${uuid}:root`
    const early = luks({ carries: ['/'] })
    const outcome = plan([mkinitcpio, cfg(named(GUID))], early)
    expect(outcome.text('/boot/grub/grub.cfg')).toContain(named(renewed(GUID)))
    expect(codes(outcome)).toEqual([])
    for (const other of [tools, guestFile('/etc/crypttab.initramfs', '')])
      expect(codes(plan([mkinitcpio, cfg(named(GUID)), other], early))).toEqual(['storage-id-left'])
    expect(codes(plan([mkinitcpio, GRUB], early))).toEqual(['storage-id-left'])
  })
})

describe('LVM', () => {
  const GROUP = 'rl0aXY-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd'
  const VOLUMES = ['X137rw-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd', 'mQ9fVb-AAAA-bbbb-CCCC-dddd-EEEE-ffFFgg']
  const PV = VOLUMES[0] ?? ''
  const bare = (text: string) => text.replaceAll('-', '')
  const lvm = (more: Partial<StorageId> = {}): StorageId[] =>
    [
      id('/dev/sda1', 'ext4', ROOT),
      ...VOLUMES.map((volume, at) => id(`/dev/sdb${at + 1}`, 'LVM2_member', volume, 'container')),
      id('/dev/vg', 'lvm2', GROUP, 'volume-group'),
    ].map((one) => (one.bearer === 'filesystem' ? one : { ...one, group: 'vg', carries: ['/srv'], ...more }))
  const listed = (pv: string) =>
    guestFile('/etc/lvm/devices/system.devices', `IDTYPE=devname IDNAME=/dev/sdb1 PVID=${bare(pv)}\n`)

  it('gets new ids, and LVM’s own files follow', () => {
    const backup = (group: string, pv: string) => `vg {\n\tid = "${group}"\n\tpv0 {\n\t\tid = "${pv}"\n`
    const outcome = plan(
      [GRUB, listed(PV), guestFile('/etc/lvm/backup/vg', backup(GROUP, PV))],
      lvm({ carries: ['/srv'] }),
    )
    expect(devices(outcome)).toEqual([
      '/dev/sda1 filesystem',
      '/dev/sdb1 container',
      '/dev/sdb2 container',
      '/dev/vg volume-group',
    ])
    expect(outcome.text('/etc/lvm/backup/vg')).toBe(backup(renewed(GROUP), renewed(PV)))
    expect(outcome.text('/etc/lvm/devices/system.devices')).toContain(`PVID=${bare(renewed(PV))}\n`)
    expect(outcome.changes.at(-1)?.summary).toBe(`volume group UUID ${GROUP} → ${renewed(GROUP)}`)
    expect(outcome.changes.at(-2)?.summary).toMatch(/^physical volume UUID mQ9fVb-/)
    expect(codes(outcome)).toEqual([])
  })

  it('gets new ids below the root, which nothing finds by them', () => {
    const outcome = plan([GRUB, guestFile('/etc/lvm/lvm.conf', '')], lvm({ carries: ['/', 'swap'] }))
    expect(devices(outcome)).toHaveLength(4)
    expect(codes(outcome)).toEqual([])
  })

  it.each([
    ['GRUB is on it', GRUB, { carries: ['/', '/boot'] }, 'GRUB may have'],
    ['the initramfs looks for it', listed(PV), { carries: ['/'] }, 'the initramfs may have a copy'],
    [
      'LVM’s configuration names it',
      guestFile('/etc/lvm/lvmlocal.conf', `filter = "a|lvm-pv-uuid-${PV}|"`),
      {},
      'the initramfs may have a copy of /etc/lvm/lvmlocal.conf',
    ],
    [
      'GRUB has it built in',
      guestFile('/boot/grub/i386-pc/load.cfg', `lvmid/${GROUP}`),
      {},
      'the boot loader',
    ],
    ['it cannot be set', GRUB, { obstacle: 'it is exported' }, 'it is exported'],
  ] as const)('is left whole where %s', (_, file, more, reason) => {
    const outcome = plan([GRUB, file], lvm(more))
    expect(devices(outcome)).toEqual(['/dev/sda1 filesystem'])
    expect(outcome.changes.map(({ path }) => path)).not.toContain('/etc/lvm/devices/system.devices')
    expect(outcome.notices).toHaveLength(1)
    expect(outcome.notices[0]?.message).toContain(
      `the physical volume UUID of /dev/sdb1, the physical volume UUID of /dev/sdb2, the volume group UUID of /dev/vg; ${reason}`,
    )
  })

  it('that another group has no part in is renewed beside it', () => {
    const other = { ...id('/dev/other', 'lvm2', GROUP.replace('rl', 'lr'), 'volume-group'), group: 'other' }
    const outcome = plan([GRUB], [...lvm({ obstacle: 'it is exported' }), other])
    expect(devices(outcome)).toEqual(['/dev/sda1 filesystem', '/dev/other volume-group'])
  })
})
