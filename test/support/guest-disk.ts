import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

export interface DiskOptions {
  /** A directory that becomes the root file system. */
  readonly tree: string
  /** Where the image is written. */
  readonly path: string
  /** "partition": GPT with one ext4 partition; "mbr": the same with an MBR; "whole": ext4 on the whole disk. */
  readonly layout?: 'partition' | 'mbr' | 'whole'
  readonly format?: 'qcow2' | 'vmdk' | 'raw'
  /** qemu-img's subformat for vmdk, e.g. "monolithicSparse", "twoGbMaxExtentSparse". */
  readonly subformat?: string
  /** MiB. */
  readonly size?: number
  /** UUID of the root file system. */
  readonly uuid?: string
  readonly label?: string
}

const MIB = 1024 * 1024

/** Makes a disk with one ext4 file system that holds a tree; needs no appliance. */
export async function buildDisk(options: DiskOptions): Promise<void> {
  const { tree, path, layout = 'partition', format = 'qcow2', size = 64, uuid, label, subformat } = options
  const scratch = await mkdtemp(join(tmpdir(), 'vmclone-fix-disk-'))
  try {
    const raw = join(scratch, 'disk.raw')
    await execa('truncate', ['-s', `${size}M`, raw])
    const whole = layout === 'whole'
    const mib = whole ? size : size - 2
    if (!whole) {
      const input =
        layout === 'mbr'
          ? `label: dos\nstart=1MiB, size=${mib}MiB, type=83\n`
          : `label: gpt\nstart=1MiB, size=${mib}MiB, type=L, name="root disk"\n`
      await execa('/usr/sbin/sfdisk', ['-q', raw], { input })
    }
    const named = [...(uuid === undefined ? [] : ['-U', uuid]), ...(label === undefined ? [] : ['-L', label])]
    const offset = `offset=${whole ? 0 : MIB}`
    await execa('/usr/sbin/mkfs.ext4', [
      '-q',
      '-F',
      '-d',
      tree,
      '-E',
      offset,
      ...named,
      raw,
      `${mib * 1024}k`,
    ])
    const detail = subformat === undefined ? [] : ['-o', `subformat=${subformat}`]
    await execa('qemu-img', ['convert', '-q', '-f', 'raw', '-O', format, ...detail, raw, path], {
      cwd: dirname(path),
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
