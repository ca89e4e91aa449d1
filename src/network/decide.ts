import type { GuestTree } from '../guest/tree.ts'
import type { Evidence, GuestNetwork, Profile } from './model.ts'

/** A dialect with evidence, and what it configures. */
export interface Candidate {
  readonly evidence: Evidence
  readonly profiles: readonly Profile[]
}

/**
 * One decision over all dialects that have evidence, in their order. What gives way by the managers' own rules is left out;
 * two that configure different interfaces are both in force; two that claim the same one are rivals.
 */
export function decide(
  tree: GuestTree,
  candidates: readonly Candidate[],
  others: readonly Evidence[] = [],
): GuestNetwork | undefined {
  const [first, ...more] = candidates.flatMap((one) => yielding(tree, one, candidates))
  if (!first) return undefined
  const profiles = [...first.profiles]
  const rivals: Evidence[] = []
  for (const { evidence, profiles: further } of more) {
    if (further.some((one) => profiles.some((other) => clash(one, other)))) rivals.push(evidence)
    else profiles.push(...further)
  }
  rivals.push(...others)
  return { evidence: first.evidence, profiles, ...(rivals.length === 0 ? {} : { rivals }) }
}

/**
 * What is left of a dialect beside the others. systemd-networkd takes a NIC from NetworkManager only by a file in /etc; the
 * connections that NetworkManager makes without a file are for NICs that neither it nor ifcfg files know; behind netplan
 * both are its renderers.
 */
function yielding(tree: GuestTree, one: Candidate, all: readonly Candidate[]): Candidate[] {
  const { evidence, profiles } = one
  const beside = (...names: string[]) => all.some((other) => names.includes(other.evidence.dialect))
  const ownFiles = ({ profiles: some }: Candidate) => some.some(({ file }) => file.startsWith('/etc/'))
  if (evidence.dialect === 'systemd-networkd')
    return beside('netplan', 'keyfile', 'ifcfg') && !ownFiles(one) ? [] : [one]
  const known =
    beside('netplan', 'ifcfg') ||
    all.some((other) => other.evidence.dialect === 'systemd-networkd' && ownFiles(other))
  if (evidence.dialect !== 'keyfile' || !known) return [one]
  const left = profiles.filter((profile) => !profile.shared || tree.exists(profile.file))
  return left.length === 0 ? [] : [{ evidence, profiles: left }]
}

/** True if both may configure one interface, or it cannot be told. */
function clash(a: Profile, b: Profile): boolean {
  if (a.shared || b.shared) return true
  const [names, others] = [namesOf(a), namesOf(b)]
  if (names.length > 0 && others.length > 0) return names.some((name) => others.includes(name))
  return a.mac === undefined || b.mac === undefined || a.mac === b.mac
}

function namesOf({ interfaceName, ports = [] }: Profile): string[] {
  return [...(interfaceName === undefined ? [] : [interfaceName]), ...ports]
}
