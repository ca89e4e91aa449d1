import { fromByteText } from '../formats/bytes.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { BOOT_ENTRY_READS, renameBootEntries } from './boot-entries.ts'
import { removal, rewrite } from './edit.ts'
import { HELD_READS } from './held.ts'
import { KERNEL_ARGUMENT_READS, kernelArguments } from './kernel-arguments.ts'
import { LVM_READS, refuseForeignVolumes } from './lvm-system-id.ts'
import { NOTHING, type Operation } from './operation.ts'
import { hasSystemd, SYSTEMD_READS } from './systemd.ts'

const operation = 'machine-id'
const FILE = '/etc/machine-id'
const DBUS = '/var/lib/dbus/machine-id'
const JOURNALS = '/var/log/journal'

export const machineId: Operation = {
  name: operation,
  heading: 'Give the guest a machine-id of its own',
  description:
    'Writes a new id to /etc/machine-id and to the D-Bus copy where that is a file of its own, and deletes the journal directory of the old id. Boot loader entries in /boot/loader/entries that are named after the old id are renamed, and with them the entry that GRUB boots (saved_entry): otherwise the guest would go on booting its old kernel after an update. With --machine-id empty the guest makes an id at its next boot.',
  notes:
    'An id on the kernel command line (systemd.machine_id=) is reported, not changed. Boot loader entries stay where /etc/kernel/entry-token or KERNEL_INSTALL_MACHINE_ID in /etc/machine-info names them; those of systemd-boot, whose kernels lie in a directory of the old id, stay with a notice, and so do all with --machine-id empty. What an entry says is not changed: the rescue kernel keeps its file name. A guest whose LVM volume groups belong to the machine-id (system_id_source = "machineid" or "appmachineid") is refused, for it would no longer find them.',
  default: true,
  reads: [
    ...HELD_READS,
    DBUS,
    ...KERNEL_ARGUMENT_READS,
    ...BOOT_ENTRY_READS,
    ...LVM_READS,
    ...SYSTEMD_READS,
    { path: `${JOURNALS}/*`, attributes: true },
  ],
  plan(survey, identity) {
    const { tree } = survey.guest
    const { policy } = identity.machineId
    if (policy === 'keep') return NOTHING
    const value = policy === 'set' ? identity.machineId.value : ''
    const summary =
      policy === 'set' ? `machine-id ${value}` : 'machine-id emptied: the guest makes one at boot'
    const content = policy === 'set' ? `${value}\n` : ''
    const old = new Set([idIn(tree, FILE), idIn(tree, DBUS)].filter((id) => id !== undefined))
    const file = idFile(tree, content, summary)
    if (file.length > 0) refuseForeignVolumes(tree, 'machineid', 'appmachineid')
    const entries = renameBootEntries(tree, old, value || undefined, operation)
    const changes: Change[] = [
      ...file,
      ...dbusFile(tree, content, summary),
      ...tree.glob(`${JOURNALS}/*`).flatMap((node) => {
        const id = node.path.slice(JOURNALS.length + 1)
        const theirs = node.kind === 'directory' && id !== value && old.has(id)
        return theirs ? [removal(node, { operation, summary: 'journal of the old machine-id deleted' })] : []
      }),
      ...entries.changes,
    ]
    return { changes, notices: [...tree.with(changes).recall(pinned), ...entries.notices] }
  },
}

function idFile(tree: GuestTree, content: string, summary: string): Change[] {
  if (tree.file(FILE)) {
    return rewrite(tree, FILE, { operation, summary }, (text) => (text === content ? text : content))
  }
  if (tree.entry(FILE) || content === '' || !hasSystemd(tree)) return []
  const after = fromByteText(content)
  const attributes = { mode: 0o444, owner: { uid: 0, gid: 0 }, labelType: 'machineid_t' }
  return [{ at: 'guest', kind: 'write', path: FILE, operation, summary, after, ...attributes }]
}

/** An id of its own here comes back once /etc/machine-id is empty (machine-id(5)), so it goes then. */
function dbusFile(tree: GuestTree, content: string, summary: string): Change[] {
  const copy = tree.file(DBUS)
  if (!copy || copy.path === tree.file(FILE)?.path) return []
  if (content === '')
    return [removal(copy, { operation, summary: 'D-Bus copy of the old machine-id deleted' })]
  return rewrite(tree, copy.path, { operation, summary }, () => content)
}

function idIn(tree: GuestTree, path: string): string | undefined {
  const id = tree.text(path)?.trim().toLowerCase()
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined
}

function pinned(tree: GuestTree): Notice[] {
  return kernelArguments(tree)
    .filter(({ words }) => words.some((word) => word.startsWith('systemd.machine_id=')))
    .map(({ path }) => ({
      code: 'machine-id-on-cmdline',
      message: `${path} sets systemd.machine_id= on the kernel command line, which overrides /etc/machine-id.`,
      hint: 'Take it out there, in every clone.',
    }))
}
