import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import {
  type Change,
  type FileChange,
  guestFiles,
  type LinkChange,
  type WriteChange,
} from '../transaction/change.ts'
import { type Command, LINE_LIMIT, quotedLength } from './quote.ts'
import { readTree } from './reader.ts'
import type { Session } from './session.ts'
import type { GuestTree } from './tree.ts'

/** Longer contents are uploaded, which costs the appliance more than a few writes. */
const WRITE_LIMIT = 128 * 1024

/**
 * Makes these changes of files in the mounted guest, in their order. Files are written in place: inode, mode, owner and label
 * stay. Missing parent directories of new files are made, root's own and 0755. `selinux`: new files get a label.
 * The appliance resolves paths inside the guest's root, so that a link can lead nowhere else; a path through a
 * link is refused all the same, as the plan speaks of real paths. Throws GUEST_PATH_UNSAFE, GUESTFISH_FAILED.
 */
export async function applyChanges(
  session: Session,
  changes: readonly Change[],
  selinux: boolean,
): Promise<void> {
  const guest = guestFiles(changes)
  const neighbours = guest.flatMap((change) =>
    change.kind === 'write' && change.labelLike ? [change.labelLike] : [],
  )
  const paths = [...guest.map(({ path }) => path), ...neighbours]
  const tree = await readTree(
    session,
    paths.map((path) => ({ path, attributes: true })),
    selinux,
  )
  await session.runAll(await commandsFor(tree, guest, selinux, session.directory))
}

/** The commands that make these changes in a guest of which that was read; longer contents go into files of a directory. */
export async function commandsFor(
  tree: GuestTree,
  changes: readonly FileChange[],
  selinux: boolean,
  directory: string,
): Promise<Command[]> {
  /** Directories that the tree does not know. */
  const made = new Set<string>()
  const commands: Command[] = []
  let now = tree
  for (const [index, change] of changes.entries()) {
    const { path } = change
    checkPath(now, change)
    if (change.kind === 'remove') {
      commands.push([change.tree ? 'rm-rf' : 'rm-f', path])
      for (const one of made) if (`${one}/`.startsWith(`${path}/`)) made.delete(one)
    } else if (change.kind === 'link') {
      commands.push(...parents(now, path, made, selinux), ['ln-s', change.target, path])
      commands.push(...labelCommands(labelOf(tree, change), path, selinux))
    } else {
      if (!now.entry(path)) {
        commands.push(...parents(now, path, made, selinux), ['touch', path])
        commands.push(...labelCommands(labelOf(tree, change), path, selinux))
      }
      commands.push(...attributeCommands(change), ...(await contentCommands(directory, change, index)))
    }
    now = now.with([change])
  }
  return commands
}

/** Throws GUEST_PATH_UNSAFE for a change whose path is no real path: what is above it must be directories, or absent. */
export function checkPath(tree: GuestTree, { path }: Change): void {
  const names = path.split('/').slice(1)
  const refuse = (here: string, kind: string): never => {
    throw new VmcloneError('GUEST_PATH_UNSAFE', `${here} is ${kind}, but ${path} is to be changed`)
  }
  if (names.some((name) => name === '' || name === '.' || name === '..')) refuse(path, 'not a real path')
  for (let depth = 1; depth < names.length; depth++) {
    const here = `/${names.slice(0, depth).join('/')}`
    const kind = tree.entry(here)?.kind
    if (kind !== undefined && kind !== 'directory') refuse(here, `a ${kind}`)
  }
}

/** Makes the directories that lack above a path; each takes the label of what it stands in. */
function parents(tree: GuestTree, path: string, made: Set<string>, selinux: boolean): Command[] {
  const at = path.lastIndexOf('/')
  const parent = path.slice(0, at)
  if (at <= 0 || tree.entry(parent) || made.has(parent)) return []
  made.add(parent)
  const above = parents(tree, parent, made, selinux)
  const label = nearestLabel(tree, parent)
  return [
    ...above,
    ['mkdir', parent],
    ['chmod', '0755', parent],
    ['chown', '0', '0', parent],
    ...labelCommands(label, parent, selinux),
  ]
}

function attributeCommands({ path, mode, owner }: WriteChange): Command[] {
  const commands: Command[] = []
  if (owner) commands.push(['chown', String(owner.uid), String(owner.gid), path])
  if (mode !== undefined) commands.push(['chmod', `0${mode.toString(8)}`, path])
  return commands
}

/** The label a new file or link gets: that of its model, or of the type named, or of its directory. */
export function labelOf(tree: GuestTree, change: WriteChange | LinkChange): string | undefined {
  if (change.kind === 'link') return nearestLabel(tree, change.path)
  const { path, labelLike, labelType } = change
  const model = labelLike === undefined ? undefined : tree.entry(labelLike)?.label
  const typed = labelType === undefined ? undefined : `system_u:object_r:${labelType}:s0`
  return model ?? typed ?? nearestLabel(tree, path)
}

/** The label of the nearest directory above that has one. */
export function nearestLabel(tree: GuestTree, path: string): string | undefined {
  const parent = path.slice(0, path.lastIndexOf('/'))
  return tree.entry(parent || '/')?.label ?? (parent === '' ? undefined : nearestLabel(tree, parent))
}

/** The attribute's value ends with a NUL, which guestfish sends when the length counts it. */
function labelCommands(label: string | undefined, path: string, selinux: boolean): Command[] {
  if (!selinux || label === undefined) return []
  return [['lsetxattr', 'security.selinux', label, String(Buffer.byteLength(label) + 1), path]]
}

async function contentCommands(
  directory: string,
  { path, after }: WriteChange,
  index: number,
): Promise<Command[]> {
  if (after.length <= WRITE_LIMIT && !after.includes(0)) {
    return pieces(after, LINE_LIMIT - 4 * Buffer.byteLength(path) - 30).map((piece, at) => [
      at === 0 ? 'write' : 'write-append',
      path,
      piece,
    ])
  }
  const file = join(directory, `upload-${index}`)
  await writeFile(file, after, { mode: 0o600 })
  return [['upload', file, path]]
}

/** Cuts bytes into pieces that take at most so many bytes between quotes; one empty piece if there are none. */
export function pieces(bytes: Uint8Array, limit: number): Uint8Array[] {
  const found: Uint8Array[] = []
  let start = 0
  let length = 0
  for (const [at, byte] of bytes.entries()) {
    length += quotedLength(byte)
    if (length <= limit) continue
    found.push(bytes.subarray(start, at))
    start = at
    length = quotedLength(byte)
  }
  return [...found, bytes.subarray(start)]
}
