import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { hashOf, type Manifest } from './manifest.ts'

/** A guest's file system as e2fsprogs sees it: neither libguestfs nor the code under test has a hand in it. */
export interface GuestFiles {
  /** Every path to its type and mode, owner, size, extended attributes, link target and hash; not its times. */
  readonly manifest: Manifest
  /** Text of the files that were asked for. */
  readonly texts: ReadonlyMap<string, string>
}

/** Where scripts/build-guest puts the only partition. */
const PARTITION = 1024 * 1024

/** Reads the guest on a VMDK; the file system must be clean. `scratch` gets a raw copy for a while. */
export async function readGuest(
  disk: string,
  scratch: string,
  wanted: readonly string[] = [],
): Promise<GuestFiles> {
  const raw = join(scratch, 'disk.raw')
  const tree = join(scratch, 'tree')
  await execa('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
  const device = `${raw}?offset=${PARTITION}`
  await execa('/usr/sbin/e2fsck', ['-fn', device])
  await execa('mkdir', [tree])
  await debugfs(device, [`rdump / ${tree}`])
  const manifest = await readTree(device, tree)
  const texts = new Map<string, string>()
  for (const path of wanted) texts.set(path, await readFile(join(tree, path), 'utf8'))
  await Promise.all([rm(raw), rm(tree, { recursive: true })])
  return { manifest, texts }
}

async function readTree(device: string, tree: string): Promise<Manifest> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const below = (parent: string, name: string) => `${parent}/${name}`.slice(tree.length)
  const directories = entries.filter((one) => one.isDirectory()).map((one) => below(one.parentPath, one.name))
  const listings = await debugfs(
    device,
    ['/', ...directories].map((path) => `ls -p "${path}"`),
  )
  const manifest: Manifest = new Map()
  for (const [directory, listing] of listings)
    for (const line of listing) {
      const [, inode, mode, uid, gid, name, size] = line.split('/')
      if (inode && inode !== '0' && name !== '.' && name !== '..')
        manifest.set(join(directory, name ?? ''), [mode, uid, gid, size].join(' '))
    }
  const attributes = await debugfs(
    device,
    [...manifest.keys()].map((path) => `ea_list "${path}"`),
  )
  for (const [path, about] of manifest) {
    const kind = about.slice(0, 2)
    const at = join(tree, path)
    const content = kind === '10' ? await hashOf(at) : kind === '12' ? await readlink(at) : ''
    manifest.set(path, [about, ...(attributes.get(path) ?? []), content].join(' '))
  }
  return manifest
}

/** Runs commands; gives the lines that each printed, by its argument. */
async function debugfs(device: string, commands: readonly string[]): Promise<Map<string, string[]>> {
  const { stdout } = await execa('/usr/sbin/debugfs', ['-f', '-', device], {
    input: `${commands.join('\n')}\n`,
  })
  const printed = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of stdout.split('\n')) {
    const command = /^debugfs: (?:ls -p|ea_list|rdump) "?(.*?)"?$/.exec(line)
    if (command?.[1] !== undefined) {
      lines = []
      printed.set(command[1], lines)
    } else if (line !== '') lines.push(line)
  }
  return printed
}
