import { join } from 'node:path'
import { type Layout, luksHeader, overlay, PASSPHRASE, partition } from './layouts.ts'

export const LUKS1 = '11111111-aaaa-4bbb-8ccc-000000000001'
export const LUKS2 = '22222222-aaaa-4bbb-8ccc-000000000002'
const LUKS2_HEADER = 'luks2.header'
/** Holds bytes that no text may hold. */
export const KEY_FILE = Uint8Array.from({ length: 600 }, (_, at) => (at * 7) % 256)

/** LVM over two disks, all XFS but /var, an ESP: as RHEL's installer makes it. */
export const lvm: Layout = {
  name: 'lvm',
  sizes: [620, 350],
  prepare: ([disk = '']) => partition(disk, 'label: gpt\nsize=40MiB, type=U\nsize=310MiB\ntype=V\n'),
  build: ([a, b]) => [
    `mkfs vfat ${a}1`,
    `mkfs xfs ${a}2 label:boot`,
    `pvcreate ${a}3`,
    `pvcreate ${b}`,
    `vgcreate rl-a "${a}3 ${b}"`,
    'lvcreate root rl-a 400',
    'lvcreate var rl-a 40',
    'lvcreate swap rl-a 16',
    'mkswap /dev/rl-a/swap',
    'mkfs xfs /dev/rl-a/root',
    'mkfs ext4 /dev/rl-a/var',
    'mount /dev/rl-a/root /',
    'mkdir /boot',
    'mkdir /var',
    `mount ${a}2 /boot`,
    'mkdir /boot/efi',
    `mount ${a}1 /boot/efi`,
    'write /boot/efi/here lvm',
    'mount /dev/rl-a/var /var',
  ],
  fstab: `/dev/mapper/rl--a-root / xfs defaults 0 0
LABEL=boot /boot xfs defaults 0 0
/dev/sda1 /boot/efi vfat umask=0077 0 2
/dev/mapper/rl--a-var /var ext4 defaults 0 2
/dev/mapper/rl--a-swap none swap defaults 0 0
`,
}

/** @ and @home, in an MBR: Ubuntu's way. */
export const ubuntu: Layout = {
  name: 'ubuntu',
  sizes: [300],
  prepare: ([disk = '']) => partition(disk, 'label: dos\nstart=1MiB\n'),
  build: ([a]) => [
    `mkfs btrfs ${a}1 label:u`,
    `mount ${a}1 /`,
    'btrfs-subvolume-create /@',
    'btrfs-subvolume-create /@home',
    'umount /',
    `mount-options subvol=@ ${a}1 /`,
    'mkdir /home',
    `mount-options subvol=@home ${a}1 /home`,
  ],
  fstab:
    'LABEL=u / btrfs defaults,subvol=@ 0 1\nLABEL=u /home btrfs defaults,subvol=/@home,compress=zstd:1 0 2\n',
}

/** root and home, and /boot of its own: Fedora's way. */
const fedora: Layout = {
  name: 'fedora',
  sizes: [400],
  prepare: ([disk = '']) => partition(disk, 'label: gpt\nsize=60MiB\nsize=+\n'),
  build: ([a]) => [
    `mkfs ext4 ${a}1 label:boot`,
    `mkfs btrfs ${a}2 label:fedora`,
    `mount ${a}2 /`,
    'btrfs-subvolume-create /root',
    'btrfs-subvolume-create /home',
    'umount /',
    `mount-options subvol=root ${a}2 /`,
    'mkdir /home',
    'mkdir /boot',
    `mount-options subvol=home ${a}2 /home`,
    `mount ${a}1 /boot`,
  ],
  fstab: `LABEL=fedora / btrfs subvol=root,compress=zstd:1 0 0
LABEL=boot /boot ext4 defaults 1 2
LABEL=fedora /home btrfs subvol=home,compress=zstd:1 0 0
`,
}

/** The root is the file system's default subvolume, which fstab does not name; on a disk without a table. */
const defaultSubvolume: Layout = {
  name: 'default',
  sizes: [300],
  build: ([a]) => [
    `mkfs btrfs ${a} label:d`,
    `mount ${a} /`,
    'btrfs-subvolume-create /@',
    'btrfs-subvolume-set-default 256 /',
    'umount /',
    `mount ${a} /`,
  ],
  fstab: 'LABEL=d / btrfs defaults 0 0\n',
}

/** RAID1 over two disks with ext3. */
export const raid: Layout = {
  name: 'raid',
  sizes: [100, 100],
  prepare: async (disks) => {
    for (const disk of disks) await partition(disk, 'label: gpt\ntype=R\n')
  },
  build: ([a, b]) => [
    `md-create template:7 "${a}1 ${b}1" level:raid1`,
    'mkfs ext3 /dev/md127',
    'mount /dev/md127 /',
  ],
  fstab: '/dev/md7 / ext3 defaults 0 1\n',
}

/** A root on a whole disk, /usr and /var on primary and logical partitions of another. */
export const separate: Layout = {
  name: 'separate',
  sizes: [60, 130],
  prepare: ([, disk = '']) => partition(disk, 'label: dos\nsize=50MiB\ntype=5\nsize=50MiB\n'),
  build: ([a, b]) => [
    `mkfs ext4 ${a}`,
    `mkfs ext3 ${b}1`,
    `mkfs ext2 ${b}5 label:var`,
    `mount ${a} /`,
    'mkdir /usr',
    'mkdir /var',
    `mount ${b}1 /usr`,
    `mount ${b}5 /var`,
  ],
  fstab: '/dev/vda / ext4 defaults 0 1\n/dev/vdb1 /usr ext3 defaults 0 2\nLABEL=var /var ext2 defaults 0 2\n',
}

/** LVM on LUKS1 beside a plain /boot: as Debian's installer makes it. */
export const lvmOnLuks: Layout = {
  name: 'lvm-on-luks',
  sizes: [220],
  async prepare([disk = '']) {
    await partition(disk, 'label: dos\nsize=40MiB\nsize=+\n')
    const header = join(disk, '..', 'luks1.header')
    await luksHeader(header, { type: 'luks1', uuid: LUKS1, keyFile: KEY_FILE })
    await overlay(header, disk, 41)
  },
  build: ([a]) => [
    `mkfs ext2 ${a}1 label:boot`,
    `luks-open ${a}2 plain1`,
    PASSPHRASE,
    'pvcreate /dev/mapper/plain1',
    'vgcreate deb-vg /dev/mapper/plain1',
    'lvcreate root deb-vg 100',
    'lvcreate swap_1 deb-vg 16',
    'mkswap /dev/deb-vg/swap_1',
    'mkfs ext4 /dev/deb-vg/root',
    'mount /dev/deb-vg/root /',
    'mkdir /boot',
    `mount ${a}1 /boot`,
  ],
  fstab: '/dev/mapper/deb--vg-root / ext4 errors=remount-ro 0 1\nLABEL=boot /boot ext2 defaults 0 2\n',
  crypttab: `sda2_crypt UUID=${LUKS1} none luks,discard\n`,
}

/** LUKS2 within a logical volume, whose key file takes more memory than the appliance usually has. */
export const luksOnLvm: Layout = {
  name: 'luks-on-lvm',
  sizes: [200],
  async prepare([disk = '']) {
    await partition(disk, 'label: gpt\ntype=V\n')
    await luksHeader(join(disk, '..', LUKS2_HEADER), {
      type: 'luks2',
      uuid: LUKS2,
      keyFile: KEY_FILE,
      memory: 260_000,
    })
  },
  build: ([a]) => [
    `pvcreate ${a}1`,
    `vgcreate vg-l ${a}1`,
    'lvcreate crypt vg-l 120',
    'lvcreate var vg-l 40',
    `upload ${LUKS2_HEADER} /dev/vg-l/crypt`,
    'luks-open /dev/vg-l/crypt plain2',
    PASSPHRASE,
    'mkfs ext4 /dev/mapper/plain2',
    'mkfs ext4 /dev/vg-l/var',
    'mount /dev/mapper/plain2 /',
    'mkdir /var',
    'mount /dev/vg-l/var /var',
  ],
  fstab: `/dev/mapper/luks-${LUKS2} / ext4 defaults 0 1\n/dev/vg-l/var /var ext4 defaults 0 2\n`,
}

/** A volume group that only the guest itself may use. */
const systemId: Layout = {
  name: 'system-id',
  sizes: [100],
  build: ([a]) => [
    `pvcreate ${a}`,
    `vgcreate own ${a}`,
    'lvcreate root own 60',
    'mkfs ext4 /dev/own/root',
    'mount /dev/own/root /',
  ],
  finish: ['vg-activate false own', 'debug sh "lvm vgchange -y --systemid template-1 own"'],
  fstab: '/dev/own/root / ext4 defaults 0 1\n',
}

/** Two systems on one disk. */
const two: Layout = {
  name: 'two',
  sizes: [100],
  prepare: ([disk = '']) => partition(disk, 'label: gpt\nsize=40MiB\nsize=40MiB\n'),
  build: ([a]) => [
    `mkfs ext4 ${a}2`,
    `mount ${a}2 /`,
    'mkdir /etc',
    'mkdir /usr',
    'write /etc/os-release "PRETTY_NAME=Other"',
    'write /etc/hostname other',
    'umount /',
    `mkfs ext4 ${a}1`,
    `mount ${a}1 /`,
  ],
  fstab: '/dev/sda1 / ext4 defaults 0 1\n',
}

export const LAYOUTS: readonly Layout[] = [
  lvm,
  ubuntu,
  fedora,
  defaultSubvolume,
  raid,
  separate,
  lvmOnLuks,
  luksOnLvm,
  systemId,
  two,
]
