import { join } from 'node:path'
import { execa } from 'execa'
import type { MountedFilesystem } from '../../src/guest/storage/facts.ts'
import { type Layout, partition } from './layouts.ts'

/** A template on some storage, and how the images over it are made. */
export interface StampCase extends Layout {
  /** "vmdk" with qemu-img's subformat, or "qcow2". */
  readonly image: 'monolithicSparse' | 'twoGbMaxExtentSparse' | 'qcow2'
  /** What is mounted, given the disks' names in the appliance. */
  mounts(devices: readonly string[]): readonly MountedFilesystem[]
}

const mount = (mountpoint: string, device: string, type: string): MountedFilesystem => ({
  mountpoint,
  device,
  type,
  options: '',
})

/** Files that the plans change: short and long ones, and a directory that goes away. */
const TEMPLATE = [
  'mkdir-p /etc',
  'mkdir-p /var/log/old/deep',
  'write /var/log/old/deep/x gone',
  'write /etc/short n0',
  'write /etc/hosts "127.0.0.1 localhost"',
  'write /etc/machine-id 0123456789abcdef0123456789abcdef',
  'write /etc/plus x',
  'write /etc/untouched untouched',
  'cp /etc/untouched /etc/twin',
]

type Options = Pick<StampCase, 'name' | 'image'> & {
  readonly mkfs: readonly string[]
  /** Sectors before the partition; none: the file system takes the whole disk. */
  readonly start?: number
  readonly finish?: (disk: string) => Promise<unknown>
}

/** ext2 to ext4 on one disk of 80 MiB, made on the host. */
function ext({ name, image, mkfs, start, finish }: Options): StampCase {
  const type = mkfs.includes('ext3') ? 'ext3' : 'ext4'
  const device = (disk = '') => (start === undefined ? disk : `${disk}1`)
  return {
    name,
    image,
    sizes: [80],
    async prepare([disk = '']) {
      if (start !== undefined) await partition(disk, `label: dos\nunit: sectors\nstart=${start}, type=83\n`)
      const options = ['-E', `offset=${(start ?? 0) * 512},lazy_itable_init=0`]
      await execa('/usr/sbin/mkfs.ext4', ['-q', '-F', ...options, ...mkfs, disk, `${78 * 1024}k`])
      await finish?.(disk)
    },
    build: ([disk]) => [`mount ${device(disk)} /`, ...TEMPLATE],
    mounts: ([disk]) => [mount('/', device(disk), type)],
    fstab: '',
  }
}

const xfs: StampCase = {
  name: 'xfs',
  image: 'twoGbMaxExtentSparse',
  sizes: [320],
  prepare: ([disk = '']) => partition(disk, 'label: gpt\ntype=L\n'),
  build: ([disk]) => [
    `mkfs xfs ${disk}1`,
    `mount ${disk}1 /`,
    ...TEMPLATE,
    'rm /etc/twin',
    'rm /etc/machine-id',
    'debug sh "cp --reflink=always /sysroot/etc/untouched /sysroot/etc/twin"',
    'debug sh "cp --reflink=always /sysroot/etc/untouched /sysroot/etc/machine-id"',
  ],
  mounts: ([disk]) => [mount('/', `${disk}1`, 'xfs')],
  fstab: '',
}

/** XFS and ext4 on logical volumes, the first of them over two disks. */
const lvm: StampCase = {
  name: 'lvm',
  image: 'monolithicSparse',
  sizes: [260, 220],
  prepare: ([disk = '']) => partition(disk, 'label: gpt\ntype=V\n'),
  build: ([a, b]) => [
    `pvcreate ${a}1`,
    `pvcreate ${b}`,
    `vgcreate vg-s "${a}1 ${b}"`,
    'lvcreate root vg-s 400',
    'lvcreate etc vg-s 60',
    'mkfs xfs /dev/vg-s/root',
    'mkfs ext4 /dev/vg-s/etc',
    'mount /dev/vg-s/root /',
    'mkdir /etc',
    'mount /dev/vg-s/etc /etc',
    ...TEMPLATE,
  ],
  finish: ['vg-activate false vg-s'],
  mounts: () => [mount('/', '/dev/vg-s/root', 'xfs'), mount('/etc', '/dev/vg-s/etc', 'ext4')],
  fstab: '',
}

const block = (size: number) => ['-b', String(size)]

export const STAMPED: readonly StampCase[] = [
  ext({ name: 'ext4', image: 'twoGbMaxExtentSparse', mkfs: block(4096), start: 2048 }),
  ext({ name: 'ext4-1k', image: 'monolithicSparse', mkfs: block(1024), start: 63 }),
  ext({ name: 'ext3', image: 'qcow2', mkfs: ['-t', 'ext3', ...block(4096)] }),
  ext({ name: 'bigalloc', image: 'qcow2', mkfs: ['-O', 'bigalloc', ...block(4096)] }),
  xfs,
  lvm,
]

export const REFUSED: readonly StampCase[] = [
  ext({ name: 'inline', image: 'qcow2', mkfs: ['-O', 'inline_data', '-I', '256', ...block(4096)] }),
  ext({
    name: 'journal',
    image: 'monolithicSparse',
    mkfs: block(4096),
    finish: (disk) => execa('/usr/sbin/tune2fs', ['-o', 'journal_data', disk]),
  }),
]

/** Images over a case's raw disks: VMDKs and children of theirs, or qcow2 overlays. Paths of those on top. */
export async function imagesOver(
  { name, image }: StampCase,
  raws: readonly string[],
  directory: string,
  label: string,
): Promise<string[]> {
  await execa('mkdir', ['-p', join(directory, name, label)])
  return Promise.all(
    raws.map(async (raw, index) => {
      const subformat = image === 'qcow2' ? 'monolithicSparse' : image
      const options = ['-o', `subformat=${subformat},adapter_type=lsilogic`]
      const parent = join(directory, name, `template${index}.vmdk`)
      const made = await execa('test', ['-e', parent], { reject: false })
      if (made.failed)
        await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vmdk', ...options, raw, parent])
      const top = join(directory, name, label, `disk${index}.${image === 'qcow2' ? 'qcow2' : 'vmdk'}`)
      const how = image === 'qcow2' ? ['-f', 'qcow2'] : ['-f', 'vmdk', ...options]
      await execa('qemu-img', ['create', '-q', ...how, '-b', parent, '-F', 'vmdk', top])
      return top
    }),
  )
}
