import { fromByteText } from '../formats/bytes.ts'
import type { GuestTree } from '../guest/tree.ts'
import { isLocalhost } from '../identity/hostname.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { filesMatching, rewrite, unedited } from './edit.ts'
import { GUEST_NAME_READS, type Renaming, renaming } from './guest-name.ts'
import { NAME_COPIES } from './hostname-copies.ts'
import { LVM_READS, refuseForeignVolumes } from './lvm-system-id.ts'
import { NAME_FILES, type NameFile, nameIn } from './name-files.ts'
import { NOTHING, type Operation } from './operation.ts'
import { hasOwnLine, OWN_LINE_READS } from './own-line.ts'
import type { Survey } from './survey.ts'
import { hasSystemd, SYSTEMD_READS } from './systemd.ts'

const operation = 'hostname'
const FILE = '/etc/hostname'
const SYSCONFIG = '/etc/sysconfig/network'

/** Families whose static name is the short one, the FQDN standing in /etc/hosts; a guest that has a name shows its own custom. */
const SHORT = ['debian', 'ubuntu', 'alpine', 'arch']

/** What editors and package managers leave beside a file. */
const BACKUP = /(?:~|\.(?:bak|old|orig|rej|save|rpm\w+|dpkg-\w+))$/

export const hostname: Operation = {
  name: operation,
  heading: 'Set the host name',
  description:
    'Writes the static name where the guest keeps it (/etc/hostname, HOSTNAME in /etc/sysconfig/network, /etc/HOSTNAME, /etc/conf.d/hostname, HOSTNAME in /etc/rc.conf), short or with its domain as it was (with it too where the domain is new and /etc/hosts has no line for the guest), and replaces the old name where it is repeated: mail name, DHCP client settings (dhclient, dhcpcd, ifcfg, NetworkManager, systemd-networkd, netplan, ifupdown), machine-info, postfix and exim. Of the copies only whole names are replaced.',
  notes:
    '/etc/hosts has an operation of its own. Names inside application data are not touched. A guest whose LVM volume groups belong to the host name (system_id_source = "uname") is refused, for it would no longer find them.',
  default: true,
  reads: [
    ...GUEST_NAME_READS,
    ...OWN_LINE_READS,
    ...LVM_READS,
    ...NAME_COPIES.flatMap((copy) => copy.files),
    ...SYSTEMD_READS,
  ],
  plan(survey, identity) {
    if (identity.hostname === undefined) return NOTHING
    const { tree } = survey.guest
    const naming = renaming(survey, identity.hostname)
    const { next, rename } = naming
    const changes: Change[] = []
    let named = tree
    for (const file of NAME_FILES) {
      const edits = staticName(survey, named, file, naming)
      named = named.with(edits)
      changes.push(...edits)
    }
    if (changes.length > 0) refuseForeignVolumes(tree, 'uname')
    for (const { files, what, edit } of NAME_COPIES) {
      for (const node of filesMatching(tree, files).filter(({ path }) => !BACKUP.test(path))) {
        const purpose = { operation, summary: `${what} ${next.fqdn ?? next.short}` }
        changes.push(...rewrite(tree, node.path, purpose, (text) => edit(text, rename)))
      }
    }
    return { changes, notices: left(survey, tree.with(changes)) }
  },
}

function staticName(survey: Survey, tree: GuestTree, file: NameFile, naming: Renaming): Change[] {
  const { os } = survey.guest
  const { next } = naming
  const { path } = file
  const old = nameIn(tree, file)
  const usuallyShort =
    old === undefined || isLocalhost(old)
      ? [os.id, ...os.idLike].some((id) => SHORT.includes(id))
      : !old.includes('.')
  const short = usuallyShort && !needsDomain(survey, naming)
  const name = short ? next.short : (next.fqdn ?? next.short)
  const purpose = { operation, summary: `host name ${name}` }
  if (tree.file(path)) {
    if (old === undefined && path !== home(survey)) return []
    return rewrite(tree, path, purpose, (text) =>
      old?.toLowerCase() === name ? text : file.write(text, name),
    )
  }
  if (tree.entry(path) || path !== FILE || home(survey) !== FILE) return []
  const attributes = { mode: 0o644, owner: { uid: 0, gid: 0 }, labelType: 'hostname_etc_t' }
  return [{ at: 'guest', kind: 'write', path, ...purpose, after: fromByteText(`${name}\n`), ...attributes }]
}

/** True for a domain that the guest did not have and that would stand nowhere else. */
function needsDomain({ guest: { tree } }: Survey, { old, next }: Renaming): boolean {
  return next.fqdn !== undefined && old?.fqdn === undefined && !hasOwnLine(tree, old?.short)
}

/** Where the name belongs if it stands nowhere yet. */
function home({ guest: { tree } }: Survey): string {
  if (tree.entry(FILE) || hasSystemd(tree)) return FILE
  return [SYSCONFIG, '/etc/HOSTNAME', '/etc/conf.d/hostname'].find((path) => tree.file(path)) ?? FILE
}

function left(survey: Survey, after: GuestTree): Notice[] {
  const file = NAME_FILES.find(({ path }) => path === home(survey))
  if (file === undefined || nameIn(after, file) !== undefined) return []
  if (after.text(file.path) === undefined) return unedited(after, file.path)
  return [
    {
      code: 'file-left',
      message: `${file.path} sets the host name in a way that only a shell can tell, and was left as it is.`,
      hint: 'Set the name there by hand.',
    },
  ]
}
