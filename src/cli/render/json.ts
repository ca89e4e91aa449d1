import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import { DIFF_LIMIT, unifiedDiff } from '../../transaction/diff.ts'
import type { BatchClone, BatchReport } from '../../workflow/batch/types.ts'
import type { CardNic, CloneReport, IdentityCard } from '../../workflow/report.ts'
import type { Sweep } from '../../workflow/sweep/types.ts'
import { digestOf } from './batch/digest.ts'
import { errorOf, print } from './document.ts'

/** The document of CLI.md for a run. Keys are always in the same order; what is not known is absent. */
export function jsonReport(
  clones: readonly CloneReport[],
  { applied, seconds }: { applied: boolean; seconds: number },
): string {
  return print({
    version: 1,
    applied,
    clones: clones.map((clone) =>
      cloneOf(
        clone,
        clone.changes.map((change) => changeOf(change, DIFF_LIMIT)),
      ),
    ),
    seconds: rounded(seconds),
  })
}

/** The same for a batch, clone by clone: joined, the pieces are one document, in UTF-8. */
export function* jsonBatch(
  { clones, template, clone: kind, hosts, notices, sweep, timings, seconds }: BatchReport,
  { applied }: { applied: boolean },
): Generator<Uint8Array> {
  const limit = diffLimitOf(clones.length)
  const head = inner({ version: 1, applied, template, clone: kind })
  yield Buffer.from(`{\n${head},\n  "clones": [`)
  for (const [index, clone] of clones.entries()) yield* jsonClone(clone, limit, index === 0 ? '\n' : ',\n')
  const tail = inner({
    hosts: hosts.map(({ address, names }) => ({ address, names })),
    notices: notices.map(noticeOf),
    sweep: sweep && sweepOf(sweep),
    timings: timings.map(({ what, seconds: took }) => ({ what, seconds: rounded(took) })),
    seconds: rounded(seconds),
  })
  yield Buffer.from(`${clones.length === 0 ? '' : '\n  '}],\n${tail}\n}\n`)
}

/** A clone as it stands in the document of a batch. */
function* jsonClone(clone: BatchClone, limit: number, mark: string): Generator<Uint8Array> {
  const { changes: _, scripts, notices, sweep, error, seconds, ...before } = cloneOf(clone, [])
  const [head, tail] = [inner(before), inner({ scripts, notices, sweep, error, seconds })]
  yield Buffer.from(`${mark}    {\n${indented(head)},\n      "changes": `)
  yield digestOf(clone).json ?? jsonChanges(clone.changes, limit)
  yield Buffer.from(`,\n${indented(tail)}\n    }`)
}

/** The changes of a clone as they stand in the document of a batch, in UTF-8. */
export function jsonChanges(changes: readonly Change[], limit: number): Uint8Array {
  const text = JSON.stringify(
    changes.map((change) => changeOf(change, limit)),
    undefined,
    2,
  )
  return Buffer.from(text.replaceAll('\n', '\n      '))
}

function indented(members: string): string {
  return `    ${members.replaceAll('\n', '\n    ')}`
}

/** Bytes of one diff, so that those of all clones stay within 32 MiB for each file that they share. */
export function diffLimitOf(clones: number): number {
  return Math.max(2048, Math.min(DIFF_LIMIT, Math.floor((32 * 1024 * 1024) / clones)))
}

/** The members of an object as they stand in a document, without its braces. */
function inner(members: object): string {
  return JSON.stringify(members, undefined, 2).slice(2, -2)
}

function cloneOf(clone: CloneReport & Partial<BatchClone>, changes: readonly object[]) {
  const { name, line, vmx, root, status, how, readBack, kept, identity } = clone
  const { scripts, notices, sweep, error, seconds } = clone
  return {
    name,
    line,
    vmx,
    root,
    status,
    how,
    readBack,
    kept,
    identity: identity === undefined ? undefined : identityOf(identity),
    changes,
    scripts: scripts?.map(({ file, commands }) => ({ file, commands })),
    notices: notices.map(noticeOf),
    sweep: sweep && sweepOf(sweep),
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

function changeOf(change: Change, diffLimit: number): object {
  const { at, path, operation, summary } = change
  return { at, path, operation, summary, diff: unifiedDiff(change, diffLimit) }
}

function noticeOf({ code, message, hint }: Notice): object {
  return { code, message, hint }
}

function sweepOf({ leftovers, more, skipped }: Sweep): object {
  return {
    leftovers: leftovers.map(({ path, line, what, value, text }) => ({ path, line, what, value, text })),
    more,
    skipped: skipped.map(({ path, why }) => ({ path, why })),
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
