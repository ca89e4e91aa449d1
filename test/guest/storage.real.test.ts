import { copyFile, mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Guest, openGuest } from '../../src/guest/guest.ts'
import type { Drive } from '../../src/guest/launch.ts'
import { KeyRing, type LockedVolume } from '../../src/guest/storage/keys.ts'
import type { Change } from '../../src/transaction/change.ts'
import { buildDisk } from '../support/guest-disk.ts'
import { KEY_FILE, LAYOUTS, LUKS1, LUKS2 } from '../support/layout-list.ts'
import { buildLayouts, PASSPHRASE } from '../support/layouts.ts'
import { hashOf } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
let built: Map<string, readonly string[]>

beforeAll(async () => {
  built = await buildLayouts(directory, LAYOUTS)
})

const disksOf = (name: string) => built.get(name) ?? []
const reading = (name: string): Drive[] =>
  disksOf(name).map((path) => ({ path, format: 'raw', readonly: true }))

/** Overlays over a guest's disks, which stay as they are. */
async function overlays(name: string, format = 'raw', disks = disksOf(name)): Promise<Drive[]> {
  return Promise.all(
    disks.map(async (disk, index) => {
      const path = join(directory, `${name}${index}.overlay`)
      await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', format, '-b', disk, path])
      return { path, format: 'qcow2', readonly: false }
    }),
  )
}

const write = (path: string, text: string): Change => ({
  at: 'guest',
  kind: 'write',
  path,
  after: Buffer.from(text),
  operation: 'test',
  summary: 'test',
  mode: 0o644,
  owner: { uid: 0, gid: 0 },
})

/** Reads, writes on each file system, and verifies. */
async function use(guest: Guest, name: string): Promise<void> {
  const here = ['/usr/here', '/var/here', '/boot/here', '/home/here']
  const tree = await guest.read([...here, '/etc/hostname'])
  for (const path of here) expect(tree.text(path)).toBe(name)
  expect(tree.text('/etc/hostname')).toBe('template\n')
  const changes = [
    write('/etc/hostname', 'node1\n'),
    ...guest.storage.map(({ mountpoint }) => write(join(mountpoint, 'written'), mountpoint)),
  ]
  await guest.write(changes)
  expect(await guest.verify(changes)).toEqual([])
}

const shown = (guest: Guest) =>
  guest.storage.map(({ mountpoint, device, type, options }) =>
    [mountpoint, device, type, options].filter(Boolean).join(' '),
  )

const CASES = [
  ['ubuntu', ['/ /dev/sda1 btrfs subvol=@', '/home /dev/sda1 btrfs subvol=/@home']],
  ['fedora', ['/ /dev/sda2 btrfs subvol=root', '/boot /dev/sda1 ext4', '/home /dev/sda2 btrfs subvol=home']],
  ['default', ['/ /dev/sda btrfs']],
  ['raid', ['/ /dev/md127 ext3'], 'again'],
  ['separate', ['/ /dev/sda ext4', '/usr /dev/sdb1 ext3', '/var /dev/sdb5 ext2']],
] as const

describe('a guest is found, read, written and verified', () => {
  test.for(CASES)('on %s', async ([name, mounts, again]) => {
    const drives = await overlays(name)
    const guest = await openGuest({ drives, env })
    try {
      expect(shown(guest)).toEqual(mounts)
      await use(guest, name)
    } finally {
      await guest.close()
    }
    if (again) await rereads(drives)
  })

  test('on LVM over two VMDKs, one of them split, with /boot, /var and an ESP', async () => {
    const disks = await Promise.all(
      disksOf('lvm').map(async (disk, index) => {
        const vmdk = join(directory, `lvm${index}.vmdk`)
        const subformat = index === 0 ? 'twoGbMaxExtentSparse' : 'monolithicSparse'
        await execa('qemu-img', ['convert', '-O', 'vmdk', '-o', `subformat=${subformat}`, disk, vmdk])
        return vmdk
      }),
    )
    const drives = await overlays('lvm', 'vmdk', disks)
    const guest = await openGuest({ drives, env })
    expect(shown(guest)).toEqual([
      '/ /dev/rl-a/root xfs',
      '/boot /dev/sda2 xfs',
      '/var /dev/rl-a/var ext4',
      '/boot/efi /dev/sda1 vfat',
    ])
    expect(guest.volumeGroups).toEqual([{ name: 'rl-a' }])
    await use(guest, 'lvm')
    await guest.close()
    await rereads(drives)
  })

  test('on a volume group that only the guest itself may use', async () => {
    const guest = await openGuest({ drives: await overlays('system-id'), env })
    expect(guest.volumeGroups).toEqual([{ name: 'own', systemId: 'template-1' }])
    await use(guest, 'system-id')
    await guest.close()
  })

  async function rereads(drives: readonly Drive[], keys = new KeyRing()): Promise<void> {
    const guest = await openGuest({
      drives: drives.map((drive) => ({ ...drive, readonly: true })),
      env,
      keys,
    })
    expect((await guest.read(['/etc/hostname'])).text('/etc/hostname')).toBe('node1\n')
    await guest.close()
  }
})

describe('an encrypted guest', () => {
  test('LVM on LUKS1 is refused without a key, and opens by the passphrase that is asked for', async () => {
    const drives = await overlays('lvm-on-luks')
    await expect(openGuest({ drives, env })).rejects.toMatchObject({
      code: 'GUEST_ENCRYPTED',
      message: expect.stringContaining('/dev/sda2'),
    })
    const asked: [LockedVolume, number][] = []
    const keys = new KeyRing([], async (volume, attempt) => {
      asked.push([volume, attempt])
      return Buffer.from(attempt === 1 ? 'wrong' : PASSPHRASE)
    })
    const guest = await openGuest({ drives, env, keys })
    expect(asked.map(([{ device, uuid }, attempt]) => [device, uuid, attempt])).toEqual([
      ['/dev/sda2', LUKS1, 1],
      ['/dev/sda2', LUKS1, 2],
    ])
    expect(shown(guest)).toEqual(['/ /dev/deb-vg/root ext4', '/boot /dev/sda1 ext2'])
    await use(guest, 'lvm-on-luks')
    await guest.close()
    const again = await openGuest({
      drives: drives.map((drive) => ({ ...drive, readonly: true })),
      env,
      keys,
    })
    expect((await again.read(['/etc/hostname'])).text('/etc/hostname')).toBe('node1\n')
    expect(asked).toHaveLength(2)
    await again.close()
  })

  test('LUKS2 on LVM opens by a binary key file; the appliance gets the memory that the header says', async () => {
    const keys = new KeyRing([{ device: LUKS2.toUpperCase(), secret: KEY_FILE }])
    const guest = await openGuest({ drives: await overlays('luks-on-lvm'), env, keys, memory: 512 })
    expect(shown(guest)).toEqual(['/ /dev/mapper/crypt_vg_l_crypt ext4', '/var /dev/vg-l/var ext4'])
    await use(guest, 'luks-on-lvm')
    await guest.close()
  })
})

describe('what is not sound', () => {
  test('a dirty journal is replayed for reading, and the disk stays as it is', async () => {
    const [root, other] = await overlays('separate')
    if (!root || !other) throw new Error('two disks are needed')
    const guest = await openGuest({ drives: [root, other], env })
    await guest.write([write('/etc/hostname', 'journalled\n')])
    // ext4 commits its journal every 5 s.
    await delay(8000)
    await guest.kill()
    const before = await hashOf(root.path)
    const reader = await openGuest({
      drives: [root, other].map((drive) => ({ ...drive, readonly: true })),
      env,
    })
    expect((await reader.read(['/etc/hostname'])).text('/etc/hostname')).toBe('journalled\n')
    await reader.close()
    expect(await hashOf(root.path)).toBe(before)
    const { stdout } = await execa('qemu-img', ['convert', '-O', 'raw', root.path, `${root.path}.raw`]).then(
      () => execa('/usr/sbin/dumpe2fs', ['-h', `${root.path}.raw`]),
    )
    expect(stdout).toContain('needs_recovery')
  })

  test('two systems are refused with both named, and one can be chosen', async () => {
    const drives = reading('two')
    await expect(openGuest({ drives, env })).rejects.toMatchObject({
      code: 'SEVERAL_OPERATING_SYSTEMS',
      message: expect.stringMatching(/sda1 \(two guest\).*sda2 \(Other\)/),
    })
    const guest = await openGuest({ drives, env, root: '/dev/sda2' })
    expect((await guest.read(['/etc/hostname'])).text('/etc/hostname')).toBe('other')
    await guest.close()
  })

  describe('by damage or hibernation', () => {
    const disk = join(directory, 'plain.raw')
    const spoilt = async (name: string, at: number, text: string): Promise<Drive> => {
      const path = join(directory, name)
      const file = await open(path, 'r+')
      await file.write(Buffer.from(text), 0, text.length, at)
      await file.close()
      return { path, format: 'raw', readonly: true }
    }

    beforeAll(async () => {
      const tree = join(directory, 'tree')
      for (const name of ['etc', 'usr']) await mkdir(join(tree, name), { recursive: true })
      await writeFile(join(tree, 'etc/fstab'), '/dev/sda1 / ext4 defaults 0 1\n')
      await buildDisk({ tree, path: disk, format: 'raw' })
    })

    test('damage is refused with what to do', async () => {
      await copyFile(disk, join(directory, 'damaged.raw'))
      // The group descriptors stand behind the superblock, which is left: blkid still knows it.
      const drive = await spoilt('damaged.raw', 1024 * 1024 + 2048, 'damage'.repeat(40))
      await expect(openGuest({ drives: [drive], env })).rejects.toMatchObject({
        code: 'FILESYSTEM_DAMAGED',
        message: expect.stringContaining('/dev/sda1 (ext4) cannot be mounted'),
        hint: expect.stringContaining('check its file systems'),
      })
    })

    test('a memory image in the swap area is refused', async () => {
      const swap = join(directory, 'swap.raw')
      await execa('truncate', ['-s', '8M', swap])
      await execa('/usr/sbin/mkswap', [swap])
      const image = await spoilt('swap.raw', 4086, 'S1SUSPEND\0')
      const drives = [{ path: disk, format: 'raw', readonly: true }, image]
      await expect(openGuest({ drives, env })).rejects.toMatchObject({
        code: 'GUEST_HIBERNATED',
        message: expect.stringContaining('/dev/sdb'),
      })
    })
  })
})
