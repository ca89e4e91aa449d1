import { describe, expect, it } from 'vitest'
import type { StorageId } from '../../src/guest/storage-id.ts'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { renewedStorageId } from '../../src/identity/storage-id.ts'
import { storageUuids } from '../../src/operations/storage-uuids/operation.ts'
import { newIdsIn } from '../../src/transaction/change.ts'
import { unifiedDiff } from '../../src/transaction/diff.ts'
import { identityOf, type Outcome, run, surveyOf } from '../support/clone.ts'

const ROOT = '3b0a09e5-8a3d-430a-82b1-3db6b02aae21'
const SWAP = '3fd8ae5f-7ae4-4648-abc5-7431b18633e1'
const ESP = '9A14-C6C8'
const GUID = 'd2b2bd1f-9a0a-4e07-bef8-6c557d450320'

function id(
  device: string,
  format: string,
  value: string,
  bearer: StorageId['bearer'] = 'filesystem',
): StorageId {
  return { device, bearer, format, id: value }
}

const MBR = [
  id('/dev/sda', 'dos', 'ad2e8555', 'partition-table'),
  id('/dev/sda1', 'dos', 'ad2e8555-01', 'partition'),
  id('/dev/sda1', 'ext4', ROOT),
  id('/dev/sda5', 'dos', 'ad2e8555-05', 'partition'),
  id('/dev/sda5', 'swap', SWAP, 'swap'),
]
const GPT = [
  id('/dev/sda', 'gpt', 'e0286f9e-ce56-42aa-9bbb-baaffdc4493f', 'partition-table'),
  id('/dev/sda1', 'gpt', GUID, 'partition'),
  id('/dev/sda1', 'vfat', ESP),
  id('/dev/sda2', 'gpt', 'f02fae2b-4df3-4747-b059-f0c6b91caaca', 'partition'),
  id('/dev/sda2', 'xfs', ROOT),
]

const fstab = (root: string, swap: string) =>
  `# / was UUID=${ROOT}\nUUID=${root} / ext4 errors=remount-ro 0 1\nUUID=${swap} none swap sw 0 0\n`
const grub = (root: string, partition = '') =>
  `search --no-floppy --fs-uuid --set=root ${root}\nlinux /boot/vmlinuz root=UUID=${root} ro ${partition}\n`
const GRUB = guestFile('/boot/grub/grub.cfg', grub(ROOT))

function plan(
  nodes: readonly GuestNode[],
  storage: readonly StorageId[],
  more: Partial<Identity> = {},
): Outcome {
  return run(surveyOf(nodes, { storage }), identityOf(more), storageUuids)
}

const renewed = (old: string): string => renewedStorageId(new Uint8Array(32).fill(9), old) ?? ''
const codes = ({ notices }: Outcome): string[] => notices.map(({ code }) => code)
const devices = ({ changes }: Outcome): string[] =>
  changes.flatMap((change) => (change.kind === 'id' ? `${change.path} ${change.bearer}` : []))

describe('storage-uuids', () => {
  it('is done only on request', () => {
    expect(storageUuids.default).toBe(false)
    expect(plan([GRUB], [])).toMatchObject({ changes: [], notices: [] })
  })

  it('renews what stands on an MBR disk, and all that names it', () => {
    const outcome = plan(
      [
        guestFile('/etc/fstab', fstab(ROOT, SWAP)),
        guestFile('/boot/grub/grub.cfg', grub(ROOT, 'x=PARTUUID=AD2E8555-05')),
        guestFile('/etc/initramfs-tools/conf.d/resume', `RESUME=UUID=${SWAP}\n`),
        guestFile('/etc/default/grub', `GRUB_CMDLINE_LINUX="resume=UUID=${SWAP}"\n`),
        guestFile('/etc/issue', ROOT),
      ],
      MBR,
    )
    const [root, swap, signature] = [ROOT, SWAP, 'ad2e8555'].map(renewed) as [string, string, string]
    expect(devices(outcome)).toEqual(['/dev/sda partition-table', '/dev/sda1 filesystem', '/dev/sda5 swap'])
    expect(outcome.text('/etc/fstab')).toBe(fstab(root, swap).replace(`was UUID=${root}`, `was UUID=${ROOT}`))
    const partition = `x=PARTUUID=${signature.toUpperCase()}-05`
    expect(outcome.text('/boot/grub/grub.cfg')).toBe(grub(root, partition))
    expect(outcome.text('/etc/initramfs-tools/conf.d/resume')).toBe(`RESUME=UUID=${swap}\n`)
    expect(outcome.text('/etc/default/grub')).toBe(`GRUB_CMDLINE_LINUX="resume=UUID=${swap}"\n`)
    expect(outcome.text('/etc/issue')).toBe(ROOT)
    expect(codes(outcome)).toEqual([])
    const shown = outcome.changes.find(({ path }) => path === '/dev/sda1')
    expect(shown?.summary).toBe(`ext4 UUID ${ROOT} → ${root}`)
    expect(shown && unifiedDiff(shown)).toBe(
      `--- a/dev/sda1\n+++ b/dev/sda1\n@@ ext4 UUID @@\n-${ROOT}\n+${root}\n`,
    )
  })

  it('leaves the GUID of an EFI system partition, by which the firmware boots', () => {
    const stub = '/boot/efi/EFI/rocky/grub.cfg'
    const outcome = plan(
      [
        guestFile(stub, `search --fs-uuid --set=dev ${ROOT}\n`),
        guestFile('/etc/fstab', `UUID=${ESP} /boot/efi vfat umask=0077 0 2\nPARTUUID=${GUID} /x vfat\n`),
        guestFile('/boot/loader/entries/a-5.14.conf', `options root=UUID=${ROOT} ro\n`),
      ],
      GPT,
    )
    expect(devices(outcome)).toEqual([
      '/dev/sda partition-table',
      '/dev/sda1 filesystem',
      '/dev/sda2 partition',
      '/dev/sda2 filesystem',
    ])
    expect(outcome.text('/etc/fstab')).toBe(
      `UUID=${renewed(ESP)} /boot/efi vfat umask=0077 0 2\nPARTUUID=${GUID} /x vfat\n`,
    )
    expect(outcome.text(stub)).toBe(`search --fs-uuid --set=dev ${renewed(ROOT)}\n`)
    expect(outcome.text('/boot/loader/entries/a-5.14.conf')).toBe(`options root=UUID=${renewed(ROOT)} ro\n`)
    expect(outcome.notices).toMatchObject([{ code: 'storage-id-left' }])
    expect(outcome.notices[0]?.message).toContain('the partition GUID of /dev/sda1; the firmware')
  })

  it.each([
    ['GRUB', guestFile('/boot/grub/x86_64-efi/load.cfg', `search.fs_uuid ${ROOT} root hd0,gpt2\n`)],
    ['lilo', guestFile('/etc/lilo.conf', `append="root=UUID=${ROOT}"\n`)],
  ])('leaves what %s has built in', (_, file) => {
    const outcome = plan([GRUB, file, guestFile('/etc/fstab', fstab(ROOT, SWAP))], MBR)
    expect(devices(outcome)).toEqual(['/dev/sda partition-table', '/dev/sda5 swap'])
    expect(outcome.text('/etc/fstab')).toBe(fstab(ROOT, renewed(SWAP)))
    expect(outcome.text('/boot/grub/grub.cfg')).toBe(grub(ROOT))
    expect(outcome.notices[0]?.message).toContain(file.path)
  })

  it('knows GRUB’s signed image, which reads a file in the place of what is built in', () => {
    const search = `search.fs_uuid ${ROOT} root hd0,gpt2\n`
    const stub = '/boot/efi/EFI/debian/grub.cfg'
    const load = guestFile('/boot/grub/x86_64-efi/load.cfg', search)
    const outcome = plan([load, guestFile(stub, search)], GPT)
    expect(outcome.text(stub)).toContain(renewed(ROOT))
    expect(outcome.text(load.path)).toBe(search)
  })

  it('leaves all where a kernel carries its own command line', () => {
    const kernel = guestFile('/boot/efi/EFI/Linux/debian-6.1.efi', '')
    const outcome = plan([kernel, GRUB, guestFile('/etc/fstab', fstab(ROOT, SWAP))], GPT)
    expect(outcome.changes).toEqual([])
    expect(codes(outcome)).toEqual(['storage-id-left'])
  })

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

  it('leaves LVM, RAID and file systems that it cannot set, and says so', () => {
    const outcome = plan(
      [GRUB],
      [
        id('/dev/sda2', 'linux_raid_member', SWAP, 'container'),
        id('/dev/sda3', 'LVM2_member', 'X137rw-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd', 'container'),
        id('/dev/sda4', 'ntfs', '0123456789ABCDEF'),
        id('/dev/vg/root', 'ext4', ROOT),
      ],
    )
    expect(devices(outcome)).toEqual(['/dev/vg/root filesystem'])
    expect(codes(outcome)).toEqual(Array(3).fill('storage-id-left'))
  })

  it('follows links, and a file of two names once', () => {
    const link = {
      path: '/etc/default/grub',
      kind: 'symlink',
      target: '../sysconfig/grub',
      mode: 0o777,
      uid: 0,
      gid: 0,
      size: 0,
    } as const
    const outcome = plan([link, guestFile('/etc/sysconfig/grub', `X=${ROOT}\n`)], MBR)
    expect(outcome.text('/etc/sysconfig/grub')).toBe(`X=${renewed(ROOT)}\n`)
  })

  it('says what may still look for the old ones', () => {
    const image = guestFile('/boot/initrd.img-6.1.0', '')
    expect(codes(plan([GRUB, image], MBR))).toEqual(['initramfs-copy'])
    expect(codes(plan([GRUB, image], MBR.slice(0, 3)))).toEqual([])
    const dracut = guestFile('/usr/lib/dracut/dracut-functions.sh', '')
    expect(codes(plan([GRUB, image, dracut], MBR.slice(0, 3)))).toEqual(['initramfs-copy'])
    expect(codes(plan([], MBR))).toEqual(['boot-loader-unknown'])
  })

  it('is done once', () => {
    const { changes, after } = plan([GRUB], MBR)
    const storageIds = newIdsIn(changes)
    const now = MBR.map((one) => ({ ...one, id: renewed(one.id) || one.id }))
    const again = run(
      { ...after, guest: { ...after.guest, storage: now } },
      identityOf({ storageIds }),
      storageUuids,
    )
    expect(again.changes).toEqual([])
    expect(devices(plan([GRUB], [...now, id('/dev/sdb', 'xfs', GUID)], { storageIds }))).toEqual([
      '/dev/sdb filesystem',
    ])
  })
})
