import type { Change } from '../../transaction/change.ts'
import { unifiedDiff } from '../../transaction/diff.ts'
import type { CardNic, CloneReport, IdentityCard } from '../../workflow/report.ts'
import { errorOf, print } from './document.ts'

/** The document of CLI.md for a run. Keys are always in the same order; what is not known is absent. */
export function jsonReport(
  clones: readonly CloneReport[],
  { applied, seconds }: { applied: boolean; seconds: number },
): string {
  return print({ version: 1, applied, clones: clones.map(cloneOf), seconds: rounded(seconds) })
}

function cloneOf({
  name,
  vmx,
  root,
  status,
  identity,
  changes,
  notices,
  error,
  seconds,
}: CloneReport): object {
  return {
    name,
    vmx,
    root,
    status,
    identity: identity === undefined ? undefined : identityOf(identity),
    changes: changes.map(changeOf),
    notices: notices.map(({ code, message, hint }) => ({ code, message, hint })),
    error: error === undefined ? undefined : errorOf(error),
    seconds: rounded(seconds),
  }
}

function identityOf({ displayName, hostname, uuid, machineId, nics, sshHostKeys }: IdentityCard): object {
  return {
    displayName,
    hostname,
    uuid,
    machineId,
    nics: nics.map(nicOf),
    sshHostKeys: sshHostKeys.map(({ type, fingerprint }) => ({ type, fingerprint })),
  }
}

function nicOf({ device, mac, ipv4, ipv6, gateway, dns, profile, dialect }: CardNic): object {
  return { device, mac, ipv4, ipv6, gateway, dns, profile, dialect }
}

function changeOf(change: Change): object {
  const { at, path, operation, summary } = change
  return { at, path, operation, summary, diff: unifiedDiff(change) }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
