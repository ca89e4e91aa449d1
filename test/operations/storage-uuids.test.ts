import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { storageUuids } from '../../src/operations/storage-uuids/operation.ts'
import { newIdsIn } from '../../src/transaction/change.ts'
import { unifiedDiff } from '../../src/transaction/diff.ts'
import { identityOf, run } from '../support/clone.ts'
import { codes, devices, GRUB, GUID, grub, id, plan, ROOT, renewed } from '../support/storage-plan.ts'

const SWAP = '3fd8ae5f-7ae4-4648-abc5-7431b18633e1'
const ESP = '9A14-C6C8'
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

  it('leaves RAID and file systems that it cannot set, and says so', () => {
    const outcome = plan(
      [GRUB],
      [
        id('/dev/sda2', 'linux_raid_member', SWAP, 'container'),
        id('/dev/sda4', 'ntfs', '0123456789ABCDEF'),
        id('/dev/vg/root', 'ext4', ROOT),
      ],
    )
    expect(devices(outcome)).toEqual(['/dev/vg/root filesystem'])
    expect(codes(outcome)).toEqual(Array(2).fill('storage-id-left'))
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
