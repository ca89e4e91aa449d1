import { execa } from 'execa'
import { lvm, lvmOnLuks, raid, separate, ubuntu } from './layout-list.ts'
import { type Layout, partition } from './layouts.ts'

/** A file system on the only disk; made on the host if there are arguments for mke2fs, in the appliance otherwise. */
function single(
  name: string,
  mib: number,
  type: 'ext4' | 'xfs',
  more: Partial<Layout> & { mke2fs?: string[]; whole?: boolean } = {},
): Layout {
  const { mke2fs, whole = false, prepare, ...rest } = more
  const device = (disk = '') => (whole ? disk : `${disk}1`)
  return {
    name,
    sizes: [mib],
    async prepare(disks) {
      const [disk = ''] = disks
      if (!whole) await partition(disk, `label: dos\nstart=1MiB\n`)
      if (mke2fs) {
        const place = ['-E', `offset=${whole ? 0 : 1024 * 1024}`, disk, `${(whole ? mib : mib - 1) * 1024}k`]
        await execa('/usr/sbin/mke2fs', ['-q', '-F', '-t', type, '-L', 'root', ...mke2fs, ...place])
      }
      await prepare?.(disks)
    },
    build: ([a]) => [...(mke2fs ? [] : [`mkfs ${type} ${device(a)} label:root`]), `mount ${device(a)} /`],
    fstab: `LABEL=root / ${type} defaults 0 1\n`,
    ...rest,
  }
}

const HELD = ['/etc/hostname', '/etc/machine-id', '/etc/network/interfaces', '/etc/ssh/ssh_host_ed25519_key']
const copies = (directory: string) =>
  HELD.map((path) => `cp ${path} ${directory}/${path.replaceAll('/', '_')}`)

/** What a template must hold is elsewhere on the disk too: in files, in what deleted files left, and before the partition. */
const elsewhere = single('content-elsewhere', 40, 'ext4', {
  prepare: ([disk = '']) =>
    execa('dd', [`of=${disk}`, 'bs=512', 'seek=1024', 'conv=sync,notrunc', 'status=none'], {
      input: 'debian\n',
    }),
  more: [
    'mkdir /srv',
    'mkdir /srv/kept',
    'mkdir /srv/deleted',
    ...copies('/srv/kept'),
    ...copies('/srv/deleted'),
    'sync',
    'rm-rf /srv/deleted',
    'ln /etc/hostname /srv/linked',
  ],
})

const reflinked = single('xfs-reflink', 320, 'xfs', {
  more: [
    'mkdir /srv',
    ...HELD.map(
      (path) =>
        `debug sh "cp --reflink=always /sysroot${path} /sysroot/srv/${path.slice(1).replaceAll('/', '_')}"`,
    ),
  ],
})

/** Templates of every layout, and such as a stamp could go wrong on; scripts/build-guest makes those that boot. */
export const TEMPLATE_LAYOUTS: readonly Layout[] = [
  single('partition', 40, 'ext4'),
  single('whole-disk', 40, 'ext4', { whole: true }),
  single('xfs', 320, 'xfs'),
  lvm,
  { ...ubuntu, name: 'btrfs' },
  { ...lvmOnLuks, name: 'luks' },
  raid,
  separate,
  single('inline-data', 40, 'ext4', { mke2fs: ['-O', 'inline_data'] }),
  single('blocks-1k', 40, 'ext4', { mke2fs: ['-b', '1024'] }),
  single('data-journal', 40, 'ext4', {
    mke2fs: [],
    prepare: ([disk]) => execa('/usr/sbin/tune2fs', ['-o', 'journal_data', `${disk}?offset=1048576`]),
  }),
  elsewhere,
  reflinked,
]
