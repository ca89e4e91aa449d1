import { HostsDocument } from '../formats/hosts.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import { hostnameFault, hostnameOf, isLocalhost, withDomain } from '../identity/hostname.ts'
import type { Hostname } from '../identity/identity.ts'
import { hostsNaming } from './hosts-block.ts'
import { NAME_FILES, nameIn } from './name-files.ts'
import type { Survey } from './survey.ts'

/** What must be read to know the guest's name. */
export const GUEST_NAME_READS: readonly GuestRead[] = [...NAME_FILES.map(({ path }) => path), '/etc/hosts']

/**
 * The guest's own name: the static one (hostname(5), or where its family keeps it), its FQDN from /etc/hosts where the
 * static one is short. Undefined if it has none, or one that every machine has.
 */
export function guestHostname(tree: GuestTree): Hostname | undefined {
  return tree.recall(readHostname)
}

function readHostname(tree: GuestTree): Hostname | undefined {
  const name = staticName(tree)
  if (name === undefined || hostnameFault(name) !== undefined || isLocalhost(name)) return undefined
  const hostname = hostnameOf(name)
  if (hostname.fqdn !== undefined) return hostname
  const about = hostsNaming(tree, [name, '127.0.1.1'])
  const lines = HostsDocument.parse(about).entries()
  const own = lines
    .map(({ address, names }) => ({ address, names: names.map((word) => word.toLowerCase()) }))
    .filter(({ address, names }) => address === '127.0.1.1' || names.includes(name))
  const fqdn = own
    .flatMap(({ names }) => names)
    .find((word) => word.startsWith(`${name}.`) && hostnameFault(word) === undefined)
  return fqdn === undefined ? hostname : { short: name, fqdn }
}

function staticName(tree: GuestTree): string | undefined {
  for (const file of NAME_FILES) {
    const name = nameIn(tree, file)
    if (name !== undefined) return name.toLowerCase()
  }
  return undefined
}

/** Gives a word another spelling if it is the old name. */
export type Rename = (word: string) => string

/** The name that the clone had, the one that it gets, and what turns the one into the other, word by word. */
export interface Renaming {
  readonly old: Hostname | undefined
  /** With the old name's domain, if it has none itself. */
  readonly next: Hostname
  /** Only the whole FQDN and the whole short name are the old name; every other word stays. */
  readonly rename: Rename
}

export function renaming(survey: Survey, name: Hostname): Renaming {
  const old = guestHostname((survey.before ?? survey).guest.tree)
  const next = withDomain(name, old)
  const rename: Rename = (word) => {
    const lower = word.toLowerCase()
    const to = lower === old?.fqdn ? (next.fqdn ?? next.short) : lower === old?.short ? next.short : lower
    return to === lower ? word : to
  }
  return { old, next, rename }
}
