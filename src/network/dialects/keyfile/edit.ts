import { VmcloneError } from '../../../errors/index.ts'
import { fromByteText } from '../../../formats/bytes.ts'
import { type IniDocument, printIni } from '../../../formats/ini-document.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { addressingSummary } from '../../summary.ts'
import { editAddressing, holdsDns } from './address.ts'
import { newConnection } from './automatic.ts'
import { type Connection, PROFILES, readConnections } from './connections.ts'
import { editMac, followUuids, renewUuid } from './identity.ts'
import { leftovers } from './leftovers.ts'
import { portsOf } from './profiles.ts'

/** The changes that give a profile its addressing and identity; other profiles follow where they refer to it. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, others = [], operation } = edit
  const { connections, ignored } = readConnections(tree)
  const asked = Object.values(addressing).some((part) => part !== undefined)
  const found = connections.find(({ path }) => path === profile.file)
  if (!found && !asked) return { changes: [], notices: [] }
  const own = found ?? newConnection(tree, profile, mac)
  const twin = connections.find((one) => one !== own && own.uuid !== undefined && one.uuid === own.uuid)
  if (twin && asked) throw twoFiles(own, twin)
  const family = [own, ...portsOf(own, connections)]
  const renewed = new Map<string, string>()
  const drafts = new Map<Connection, IniDocument>()
  for (const one of new Set([own, ...connections])) {
    const ours = family.includes(one)
    const keeps = !ours || twin !== undefined || one.vendor || isMarked(tree, one)
    const next = keeps ? { document: one.document } : renewUuid(one, mac)
    if (one.uuid !== undefined && next.uuid !== undefined) renewed.set(one.uuid, next.uuid)
    const follow = (document: IniDocument) =>
      others.reduce((now, other) => editMac(now, other, false), editMac(document, mac, one === own))
    drafts.set(one, one.vendor && !ours ? one.document : follow(next.document))
  }
  const addressed = editAddressing(drafts.get(own) as IniDocument, addressing)
  drafts.set(own, addressed)
  const changes = [...drafts].flatMap(([one, document]) => {
    const summary =
      one === own ? addressingSummary(profile.name, addressing) : `MAC address and UUID in ${one.id}`
    return write(tree, one, followUuids(document, renewed), { operation, summary })
  })
  const left = asked ? [...leftovers(own.path, own.document, addressed, addressing), ...ignored] : []
  return { changes, notices: [...left, ...dnsNotice(profile.name, addressed, edit)] }
}

/** A profile below /usr is changed by a file of its name in /etc, which comes before it. */
function write(
  tree: GuestTree,
  one: Connection,
  document: IniDocument,
  purpose: { readonly operation: string; readonly summary: string },
): Change[] {
  const text = printIni(document)
  const path = one.vendor ? `${PROFILES}/${one.path.slice(one.path.lastIndexOf('/') + 1)}` : one.path
  const before = one.vendor ? undefined : tree.file(path)?.content
  if (text === tree.text(one.path)) return []
  const change = { at: 'guest', kind: 'write', path, ...purpose, after: fromByteText(text) } as const
  if (before) return [{ ...change, before }]
  const sibling = tree.glob(`${PROFILES}/*`).find(({ kind }) => kind === 'file')?.path
  return [
    {
      ...change,
      mode: 0o600,
      owner: { uid: 0, gid: 0 },
      ...(sibling === undefined ? {} : { labelLike: sibling }),
      labelType: 'NetworkManager_etc_rw_t',
    },
  ]
}

/** A .nmmeta file goes by the UUID in its name: its profile keeps it. */
function isMarked(tree: GuestTree, { uuid }: Connection): boolean {
  return uuid !== undefined && tree.entry(`${PROFILES}/${uuid}.nmmeta`) !== undefined
}

function dnsNotice(name: string, document: IniDocument, { addressing }: ProfileEdit): Notice[] {
  if (holdsDns(document, addressing)) return []
  return [
    {
      code: 'dns-family-off',
      message: `Not all name servers for ${name} were set: NetworkManager takes none for an address family that the profile does not use.`,
      hint: 'Give name servers of the family that the profile has, or an address of theirs.',
    },
  ]
}

function twoFiles(own: Connection, twin: Connection): VmcloneError {
  return new VmcloneError('NETWORK_CONFLICT', `${own.path} and ${twin.path} hold the same connection UUID`, {
    hint: 'NetworkManager takes the one that was written last: remove the other in the template.',
  })
}
