import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { diskName } from '../../src/guest/storage/disk-name.ts'

/** A guest on a storage layout: how its disks are made, in an appliance that it shares with others. */
export interface Layout {
  readonly name: string
  /** Sizes of its disks in MiB. */
  readonly sizes: readonly number[]
  /** Works on the raw disks before the appliance starts. */
  prepare?(disks: readonly string[]): Promise<unknown>
  /** guestfish commands that make file systems and mount them; `devices` are the disks there. */
  build(devices: readonly string[]): readonly string[]
  /** guestfish commands for when the guest's files are there, and the directories of DIRECTORIES. */
  readonly more?: readonly string[]
  /** guestfish commands for when all is unmounted. */
  readonly finish?: readonly string[]
  readonly fstab: string
  readonly crypttab?: string
}

/** Passphrase of every encrypted volume. */
export const PASSPHRASE = 'correct horse'

const DIRECTORIES = ['etc', 'usr', 'var', 'boot', 'home'].map((name) => `/${name}`)

/**
 * Makes the disks of all these, raw, in one appliance. Their paths by the layout's name.
 * `files` are guestfish commands that write a guest's files, but for fstab and crypttab.
 */
export async function buildLayouts(
  directory: string,
  layouts: readonly Layout[],
  files: (layout: Layout) => readonly string[] = bareFiles,
): Promise<Map<string, readonly string[]>> {
  const made = new Map<string, readonly string[]>()
  const drives: string[] = []
  const work: string[] = []
  for (const layout of layouts) {
    const disks = layout.sizes.map((_, index) => join(directory, `${layout.name}${index}.raw`))
    for (const [index, disk] of disks.entries())
      await execa('truncate', ['-s', `${layout.sizes[index]}M`, disk])
    await layout.prepare?.(disks)
    const devices = disks.map((_, index) => diskName(drives.length + index))
    drives.push(...disks)
    made.set(layout.name, disks)
    work.push(...layout.build(devices), ...DIRECTORIES.map((path) => `mkdir-p ${path}`))
    work.push(...files(layout), ...tables(layout), ...(layout.more ?? []))
    work.push('umount-all', ...(layout.finish ?? []))
  }
  const input = [...drives.map((disk) => `add-drive ${disk} format:raw`), 'run', ...work]
  await execa('guestfish', ['--keys-from-stdin'], {
    cwd: directory,
    input: `${input.join('\n')}\n`,
    env: { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' },
  })
  return made
}

const quoted = (text: string) => `"${text.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

function tables({ fstab, crypttab }: Layout): string[] {
  return [
    `write /etc/fstab ${quoted(fstab)}`,
    ...(crypttab === undefined ? [] : [`write /etc/crypttab ${quoted(crypttab)}`]),
  ]
}

function bareFiles({ name }: Layout): string[] {
  return [
    ...['usr', 'var', 'boot', 'home'].map((path) => `write /${path}/here ${name}`),
    `write /etc/os-release ${quoted(`PRETTY_NAME="${name} guest"\n`)}`,
    `write /etc/hostname ${quoted('template\n')}`,
  ]
}

/** Partitions a raw disk; `table` is sfdisk's input. */
export function partition(disk: string, table: string): Promise<unknown> {
  return execa('/usr/sbin/sfdisk', ['-q', disk], { input: table })
}

/** Key slots of a LUKS header: 0 for the passphrase, cheap; 1 for a key file, as dear as asked for. */
export interface LuksOptions {
  readonly type: 'luks1' | 'luks2'
  readonly uuid: string
  readonly keyFile: Uint8Array
  /** KiB that the key file's slot takes to derive; LUKS2 only. */
  readonly memory?: number
}

/** A LUKS header as a file, to be laid over the start of a volume. Made on the host, so that it can be cheap. */
export async function luksHeader(path: string, { type, uuid, keyFile, memory }: LuksOptions): Promise<void> {
  const cheap =
    type === 'luks1'
      ? ['--pbkdf-force-iterations', '1000']
      : ['--pbkdf', 'argon2id', '--pbkdf-force-iterations', '4', '--pbkdf-memory', '32768']
  const dear = memory === undefined ? cheap : [...cheap.slice(0, -1), String(memory)]
  await execa('truncate', ['-s', '18M', path])
  const cryptsetup = (...args: string[]) => execa('/usr/sbin/cryptsetup', args, { input: PASSPHRASE })
  await cryptsetup('luksFormat', '-q', '--type', type, ...cheap, '--uuid', uuid, '--key-file', '-', path)
  await writeFile(`${path}.key`, keyFile)
  await cryptsetup('luksAddKey', ...dear, '--key-file', '-', path, `${path}.key`)
  await execa('truncate', ['-s', '16M', path])
}

/** Copies a file over a disk from an offset in MiB. */
export function overlay(file: string, disk: string, mebibytes: number): Promise<unknown> {
  return execa('dd', [
    `if=${file}`,
    `of=${disk}`,
    'bs=1M',
    `seek=${mebibytes}`,
    'conv=notrunc,sparse',
    'status=none',
  ])
}
