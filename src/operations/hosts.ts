import { fromByteText } from '../formats/bytes.ts'
import { HostsDocument } from '../formats/hosts.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { Identity } from '../identity/identity.ts'
import { rewrite, unedited } from './edit.ts'
import { GUEST_NAME_READS, guestHostname, renaming } from './guest-name.ts'
import { followBlock, liftBlock, ownEntries, placeBlock } from './hosts-block.ts'
import {
  type AddressChange,
  addressChanges,
  addressOf,
  mapEntry,
  moveAddresses,
  nameLines,
} from './hosts-lines.ts'
import { NOTHING, type Operation } from './operation.ts'
import { OWN_LINE_READS, PHOTON, wantsOwnLine } from './own-line.ts'

const operation = 'hosts'
const FILE = '/etc/hosts'
const STOCK = '127.0.0.1\tlocalhost\n'

export const hosts: Operation = {
  name: operation,
  heading: 'Correct and complete /etc/hosts',
  description:
    'In /etc/hosts the old host name becomes the new one and the old address the new one; a line for the clone itself is added where the guest needs one, and the entries of --hosts are added or corrected. In a batch, a marked block names every clone. Comments, order and spacing stay.',
  notes:
    'Only whole names and addresses are replaced. The block of a batch is replaced by the next one where it stands. A guest that resolves its own name by nss-myhostname gets no line of its own, and neither does one of the Red Hat family, whose file has none.',
  default: true,
  reads: [...GUEST_NAME_READS, ...OWN_LINE_READS],
  plan(survey, identity) {
    const { hostname } = identity
    const { tree } = survey.guest
    const renamed = hostname && renaming(survey, hostname)
    const name = renamed?.next ?? guestHostname(tree)
    const own = [name?.fqdn ?? [], name?.short ?? []].flat()
    const addresses = addressChanges(identity)
    const others = [
      ...(survey.guest.network?.profiles ?? []).flatMap(({ now }) => addressOf(now) ?? []),
      ...identity.hosts.map((entry) => entry.address),
    ]
    const { hostsBlock: block } = identity
    const edit = (read: HostsDocument): Uint8Array => {
      let doc = read
      if (renamed) doc = nameLines(doc, renamed)
      doc = moveAddresses(doc, addresses, own, others)
      if (renamed && wantsOwnLine(tree)) doc = withOwnLine(doc, addresses, own, loopbackOf(tree))
      for (const entry of identity.hosts) doc = mapEntry(doc, entry)
      if (block === undefined) return fromByteText(doc.print())
      doc = followBlock(doc, block, own)
      return placeBlock(doc.print(), block, ownEntries(doc, block, own))
    }
    const summary = summaryOf(identity)
    const asked = hostname !== undefined || identity.hosts.length + (block?.length ?? 0) > 0
    if (tree.entry(FILE)) {
      const present = tree.recall(block === undefined ? readHosts : readWithoutBlock)
      const notices = asked ? unedited(tree, FILE) : []
      return { changes: rewrite(tree, FILE, { operation, summary }, () => edit(present)), notices }
    }
    if (!asked) return NOTHING
    const after = edit(HostsDocument.parse(STOCK))
    const attributes = { mode: 0o644, owner: { uid: 0, gid: 0 }, labelType: 'net_conf_t' }
    const change = {
      at: 'guest',
      kind: 'write',
      path: FILE,
      operation,
      summary,
      after,
      ...attributes,
    } as const
    return { changes: [change], notices: [] }
  },
}

function readHosts(tree: GuestTree): HostsDocument {
  return HostsDocument.parse(tree.text(FILE) ?? '')
}

function readWithoutBlock(tree: GuestTree): HostsDocument {
  return HostsDocument.parse(liftBlock(tree.text(FILE) ?? ''))
}

function loopbackOf(tree: GuestTree): string {
  return tree.exists(PHOTON) ? '127.0.0.1' : '127.0.1.1'
}

function withOwnLine(
  doc: HostsDocument,
  addresses: readonly AddressChange[],
  own: readonly string[],
  loopback: string,
): HostsDocument {
  const known = doc.entries().some(({ names }) => names.some((name) => own.includes(name.toLowerCase())))
  if (known || own.length === 0) return doc
  const address = addresses.find(({ to }) => to?.includes('.'))?.to ?? loopback
  const last = doc.entries().findLast((line) => line.address.startsWith('127.'))
  return doc.insert(address, own, last === undefined ? 0 : last.index + 1)
}

function summaryOf({ hostname, hosts: { length: entries }, hostsBlock }: Identity): string {
  const own = hostname === undefined ? ['own address'] : ['own name and address']
  const given = entries === 0 ? [] : [`${entries} ${entries === 1 ? 'entry' : 'entries'}`]
  const clones = hostsBlock === undefined ? [] : [`${hostsBlock.length} of the batch`]
  return [...own, ...given, ...clones].join(', ')
}
