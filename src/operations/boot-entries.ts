import type { GuestNode, GuestRead, GuestTree } from '../guest/tree.ts'
import { filesMatching, type Purpose, removal, rewrite } from './edit.ts'
import { NOTHING, type OperationPlan } from './operation.ts'

const ENTRIES = ['/boot/loader/entries/*.conf']
/** The EFI system partition, where systemd-boot has entries and kernels. */
const ESPS = ['/boot', '/boot/efi', '/efi']
const ANY_ID = '?'.repeat(32)

/** Files that name the entry to boot by its id, which is its file name without ".conf". */
const REFERENCES = [
  '/boot/grub2/grubenv',
  '/boot/grub/grubenv',
  '/boot/efi/EFI/*/grubenv',
  '/boot/grub2/grub.cfg',
  '/boot/efi/EFI/*/grub.cfg',
  '/etc/default/grub',
]

/** What must be read to rename boot loader entries. */
export const BOOT_ENTRY_READS: readonly GuestRead[] = [
  ...ENTRIES,
  ...REFERENCES,
  '/etc/kernel/entry-token',
  '/etc/machine-info',
  ...ESPS.flatMap((esp) => [`${esp}/${ANY_ID}`, `${esp}/loader/entries/*.conf`]).map((path) => ({
    path,
    attributes: true as const,
  })),
]

/**
 * Boot loader entries (BLS) that are named after an old machine-id get the new one, and so does what names them (GRUB's
 * saved_entry). With the old name an entry outlives its kernel's removal, and GRUB sorts it apart from kernels
 * that are installed later. Entries whose kernels lie in a directory of the old id, as systemd-boot has them, are left with
 * a notice; where an entry token governs the names (kernel-install(8)), nothing is wrong. `value`: absent if the id is not known yet.
 */
export function renameBootEntries(
  tree: GuestTree,
  old: ReadonlySet<string>,
  value: string | undefined,
  operation: string,
): OperationPlan {
  const ids = [...old].filter((id) => id !== value)
  if (ids.length === 0 || tree.recall(hasEntryToken)) return NOTHING
  const named = ids.flatMap((id) =>
    filesMatching(tree, ENTRIES).flatMap((node) => {
      const stem = node.path.slice(node.path.lastIndexOf('/') + 1, -'.conf'.length)
      return stem.startsWith(`${id}-`) ? [{ node, id, stem }] : []
    }),
  )
  const renamed = new Map<string, string>()
  const changes: OperationPlan['changes'][number][] = []
  const left = new Set(ids.flatMap((id) => elsewhere(tree, id)))
  for (const { node, id, stem } of named) {
    const next = value + stem.slice(id.length)
    const path = `/boot/loader/entries/${next}.conf`
    const text = tree.text(node.path)
    if (
      value === undefined ||
      text === undefined ||
      text.includes(`/${id}/`) ||
      tree.with(changes).entry(path)
    ) {
      left.add(node.path)
      continue
    }
    renamed.set(stem, next)
    changes.push(
      ...moved(node, path, { operation, summary: 'boot loader entry renamed to the new machine-id' }),
    )
  }
  for (const { path } of renamed.size === 0 ? [] : filesMatching(tree, REFERENCES)) {
    const purpose = { operation, summary: 'default boot loader entry under its new name' }
    changes.push(...rewrite(tree, path, purpose, (text) => withNames(text, renamed)))
  }
  return { changes, notices: left.size === 0 ? [] : [leftOver([...left].sort(), ids)] }
}

/** Only the whole id of an entry; GRUB's environment block keeps its length, as all ids are equally long. */
function withNames(text: string, renamed: ReadonlyMap<string, string>): string {
  return text.replace(
    /(?<![\w./-])([0-9a-f]{32}-[\w.+~-]*?)(?=(?:\.conf)?(?![\w.+~-]))/g,
    (stem) => renamed.get(stem) ?? stem,
  )
}

function moved(node: GuestNode, path: string, purpose: Purpose): OperationPlan['changes'] {
  const { content, mode, uid, gid } = node
  if (content === undefined) return []
  const write = { at: 'guest', kind: 'write', path, ...purpose, after: content } as const
  return [{ ...write, mode, owner: { uid, gid }, labelLike: node.path }, removal(node, purpose)]
}

function hasEntryToken(tree: GuestTree): boolean {
  const token = tree.text('/etc/kernel/entry-token')?.trim()
  const id = /^\s*KERNEL_INSTALL_MACHINE_ID=["']?([0-9a-fA-F]+)/m.exec(tree.text('/etc/machine-info') ?? '')
  return Boolean(token) || id !== null
}

function elsewhere(tree: GuestTree, id: string): string[] {
  return ESPS.flatMap((esp) => {
    const directory = tree.entry(`${esp}/${id}`)
    const entries = esp === '/boot' ? [] : tree.glob(`${esp}/loader/entries/${id}-*.conf`)
    return [...(directory?.kind === 'directory' ? [directory] : []), ...entries].map(({ path }) => path)
  })
}

function leftOver(paths: readonly string[], ids: readonly string[]): OperationPlan['notices'][number] {
  return {
    code: 'boot-entries-left',
    message: `${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} still named after the old machine-id; kernels that are installed later go by the new one.`,
    hint: `Write ${ids[0]} to /etc/kernel/entry-token in the guest to keep the old name for all (systemd 251 and later), or reinstall the kernels there.`,
  }
}
