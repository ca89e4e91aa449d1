import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { decodeName, encodeName } from '../../src/guest/names.ts'
import { startFailure } from '../../src/guest/start-failure.ts'
import { deviceOf } from '../../src/guest/storage/devices.ts'
import type { BlockFact, RootFact } from '../../src/guest/storage/facts.ts'
import { parseFstab } from '../../src/guest/storage/fstab.ts'
import { chooseRoot, planMounts, refuseHibernated } from '../../src/guest/storage/layout.ts'
import { mountFailure } from '../../src/guest/storage/mount-failure.ts'
import { parseBlkid } from '../../src/guest/storage/probe.ts'
import { slotPriority } from '../../src/guest/storage/usr.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const thrown = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

const blocks: BlockFact[] = [
  { device: '/dev/sda1', type: 'vfat', uuid: 'AB12-34CD', partUuid: 'c39f3bb5-9be0-dd4e-871f-5e7456643e3a' },
  { device: '/dev/sda2', type: 'xfs', uuid: '11111111-2222-3333-4444-555555555555', label: 'boot disk' },
  { device: '/dev/sda3', type: 'LVM2_member' },
  { device: '/dev/sdb', type: 'ext4', partLabel: 'Data 1' },
  { device: '/dev/sdk1', type: 'ext4' },
  { device: '/dev/sdaa2', type: 'ext4' },
  { device: '/dev/rl-a/root', type: 'xfs' },
  { device: '/dev/rl-a/var', type: 'ext4' },
  { device: '/dev/rl-a/swap', type: 'swap' },
]
const root = (fstab: string, more: Partial<RootFact> = {}): RootFact => ({
  device: '/dev/rl-a/root',
  type: 'xfs',
  title: 'Rocky Linux 9.4',
  fstab,
  ...more,
})

describe('fstab', () => {
  test('fields are unescaped, unquoted, and short or commented lines passed over', () => {
    const text = '# a\n\n\t"LABEL=boot\\040disk"  /boot/ xfs ro,nofail 0 0\nUUID="x" /a\\040b\njunk\r\n'
    expect(parseFstab(text)).toEqual([
      { spec: 'LABEL=boot disk', mountpoint: '/boot', type: 'xfs', options: ['ro', 'nofail'] },
      { spec: 'UUID=x', mountpoint: '/a b', type: 'auto', options: ['defaults'] },
    ])
  })
  test.prop([fc.string({ unit: 'binary' })])('any text is read', (text) => {
    for (const entry of parseFstab(text))
      expect(entry.spec.length + entry.mountpoint.length).toBeGreaterThan(0)
  })
})

describe('devices', () => {
  example.for([
    ['UUID=ab12-34cd', '/dev/sda1'],
    ['LABEL=boot disk', '/dev/sda2'],
    ['PARTUUID=C39F3BB5-9be0-dd4e-871f-5e7456643e3a', '/dev/sda1'],
    ['PARTLABEL=Data 1', '/dev/sdb'],
    ['/dev/disk/by-label/boot\\x20disk', '/dev/sda2'],
    ['/dev/mapper/rl--a-var', '/dev/rl-a/var'],
    ['/dev/rl-a/root', '/dev/rl-a/root'],
    ['/dev/vda2', '/dev/sda2'],
    ['/dev/xvdaa2', '/dev/sdaa2'],
    ['/dev/nvme0n1p2', '/dev/sda2'],
    ['/dev/nvme10n1p1', '/dev/sdk1'],
    ['/dev/nvme26n1p2', '/dev/sdaa2'],
    ['UUID=', undefined],
    ['/dev/sdz', undefined],
  ] as const)('%s is %s', ([spec, device]) => {
    expect(deviceOf(blocks, spec)?.device).toBe(device)
  })
  test('blkid’s escapes are undone', () => {
    const output = 'DEVNAME: /dev/sda1\nLABEL: a\\ b\\x41\nTYPE: ext4\nPART_ENTRY_NAME: root\\ disk\n'
    expect(parseBlkid('/dev/sda1', output)).toEqual({
      device: '/dev/sda1',
      type: 'ext4',
      label: 'a bA',
      partLabel: 'root disk',
    })
  })
})

describe('mounts', () => {
  test('fstab says what is mounted where, parents first', () => {
    const fstab = `/dev/mapper/rl--a-root / xfs defaults 0 0
/dev/rl-a/var /var auto defaults 0 0
UUID=AB12-34CD /boot/efi vfat umask=0077 0 2
LABEL=boot\\040disk /boot xfs defaults 0 0
/dev/rl-a/swap none swap defaults 0 0
tmpfs /var/tmp tmpfs defaults 0 0
nas:/x /srv nfs defaults 0 0
/dev/sdz /opt ext4 nofail 0 0
/dev/sdz /data ext4 defaults 0 0
/var/x /var/y none bind 0 0`
    expect(
      planMounts(blocks, root(fstab)).map(({ mountpoint, device, type }) => [mountpoint, device, type]),
    ).toEqual([
      ['/', '/dev/rl-a/root', 'xfs'],
      ['/boot', '/dev/sda2', 'xfs'],
      ['/var', '/dev/rl-a/var', 'ext4'],
      ['/boot/efi', '/dev/sda1', 'vfat'],
    ])
  })
  test('btrfs subvolumes keep the option that names them', () => {
    const disk: BlockFact[] = [{ device: '/dev/sda1', type: 'btrfs', uuid: 'x' }]
    const facts = { device: '/dev/sda1', type: 'btrfs', subvolume: '@' }
    const fstab = 'UUID=x / btrfs subvol=@ 0 0\nUUID=x /home btrfs noatime,subvol=/@home,compress=zstd 0 0'
    expect(planMounts(disk, root(fstab, facts)).map(({ options }) => options)).toEqual([
      'subvol=@',
      'subvol=/@home',
    ])
  })
  test('a /usr that no fstab names is mounted read-only', () => {
    const usr = { device: '/dev/sda3', type: 'btrfs' }
    expect(planMounts(blocks, root('', { usr }))).toEqual([
      { mountpoint: '/', device: '/dev/rl-a/root', type: 'xfs', options: '' },
      { mountpoint: '/usr', ...usr, options: '', readonly: true },
    ])
  })
  test('what cannot be mounted is refused by its own code', () => {
    expect(thrown(() => planMounts(blocks, root('/dev/sdz /var ext4')))).toEqual(code('FILESYSTEM_MISSING'))
    const odd: BlockFact[] = [
      { device: '/dev/sda5', type: 'jfs' },
      { device: '/dev/sda6', type: 'crypto_LUKS' },
    ]
    expect(thrown(() => planMounts(odd, root('/dev/sda5 /var jfs')))).toEqual(code('FILESYSTEM_UNSUPPORTED'))
    expect(thrown(() => planMounts(odd, root('/dev/sda6 /var ext4')))).toEqual(code('GUEST_ENCRYPTED'))
    expect(mountFailure('/dev/sda1', 'xfs', 'mount: /sysroot: unknown filesystem type')).toEqual(
      code('FILESYSTEM_TOOL_MISSING'),
    )
    expect(mountFailure('/dev/sda1', 'ext4', 'Structure needs cleaning')).toEqual(code('FILESYSTEM_DAMAGED'))
  })
})

describe('the root', () => {
  const one = root('')
  const two = root('', { device: '/dev/sdb', title: 'Debian' })
  test('is the only one, or the one asked for', () => {
    expect(chooseRoot(blocks, [one])).toBe(one)
    expect(chooseRoot(blocks, [one, two], '/dev/sdb')).toBe(two)
  })
  test('several, none, and locked ones are refused with what is there', () => {
    expect(thrown(() => chooseRoot(blocks, [one, two]))).toMatchObject({
      code: 'SEVERAL_OPERATING_SYSTEMS',
      message: expect.stringContaining('/dev/sdb (Debian)'),
      hint: expect.stringContaining(`--root ${one.device}`),
    })
    const [left, right] = ['@', '@old'].map((subvolume) => root('', { subvolume }))
    if (!left || !right) throw new Error('no roots')
    expect(thrown(() => chooseRoot(blocks, [left, right], left.device))).toEqual(
      code('SEVERAL_OPERATING_SYSTEMS'),
    )
    expect(chooseRoot(blocks, [left, right], `${left.device}:@old`)).toBe(right)
    expect(thrown(() => chooseRoot(blocks, [one], '/dev/sdq'))).toEqual(code('NO_OPERATING_SYSTEM'))
    expect(thrown(() => chooseRoot([], []))).toEqual(code('NO_OPERATING_SYSTEM'))
    expect(thrown(() => chooseRoot([{ device: '/dev/sda1', type: 'ntfs' }], []))).toEqual(
      code('FILESYSTEM_UNSUPPORTED'),
    )
    expect(thrown(() => chooseRoot([{ device: '/dev/sda1', type: 'crypto_LUKS' }], []))).toEqual(
      code('GUEST_ENCRYPTED'),
    )
  })
  test('a hibernated guest is refused', () => {
    expect(thrown(() => refuseHibernated([{ device: '/dev/sda5', type: 'swsuspend' }]))).toEqual(
      code('GUEST_HIBERNATED'),
    )
    expect(thrown(() => refuseHibernated(blocks))).toBeUndefined()
  })
})

example.for([
  [
    "cp: cannot open '/boot/vmlinuz-6.8.0-45-generic' for reading: Permission denied\nlibguestfs: error: supermin exited with error status 1",
    'KERNEL_UNREADABLE',
  ],
  [
    'supermin: failed to find a suitable kernel (host_cpu=x86_64).\nlibguestfs: error: supermin exited with error status 1',
    'KERNEL_MISSING',
  ],
  [
    'mke2fs: No space left on device\nlibguestfs: error: supermin exited with error status 1',
    'APPLIANCE_BUILD_FAILED',
  ],
  ['qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69', 'APPLIANCE_START_FAILED'],
] as const)('a failed start is told by its cause: %s', ([words, expected]) => {
  expect(startFailure(words).code).toBe(expected)
})

test.prop([fc.string({ unit: 'grapheme' })])('a well-formed name is plain UTF-8', (name) => {
  expect(encodeName(name)).toEqual(Buffer.from(name))
  expect(decodeName(encodeName(name))).toBe(name)
})

describe('the priority of a slot', () => {
  const table = (entriesAt: number, entrySize: number) => {
    const disk = Buffer.alloc(1024 + 128 * 128)
    disk.write('EFI PART', 512)
    disk.writeBigUInt64LE(BigInt(entriesAt), 512 + 72)
    disk.writeUInt32LE(entrySize, 512 + 84)
    return disk
  }
  example('stands in the attributes of its partition', () => {
    const disk = table(2, 128)
    disk.writeBigUInt64LE((1n << 56n) | (3n << 52n) | (2n << 48n) | 1n, 1024 + 3 * 128 + 48)
    expect([3, 4].map((number) => slotPriority(disk, number))).toEqual([0, 2])
  })
  example('is not there beyond the table, and without one', () => {
    expect(slotPriority(table(2, 128), 129)).toBe(-1)
    expect(slotPriority(table(1e15, 128), 3)).toBe(-1)
    expect(slotPriority(Buffer.alloc(1024 + 128 * 128), 3)).toBe(-1)
    expect(slotPriority(Buffer.from('EFI PART'), 3)).toBe(-1)
  })
})
