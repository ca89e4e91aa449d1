import { join } from 'node:path'
import type { Fault } from '../../errors/index.ts'
import { cloneNameFault } from '../../machine/clone/names.ts'
import { checkNics } from './check-nics.ts'
import { type Claim, claimsOf, folded, type Owner, standingClaims } from './claims.ts'
import type { BatchFacts, StandingVm } from './facts.ts'
import type { BatchOptions, BatchRow } from './types.ts'

/** What makes a check milder. */
export type Leniency = Pick<BatchOptions, 'resume' | 'force'>

/**
 * Every fault that the rows of a batch have among each other, with the template, with VMs that stand already and with this
 * host's networks, by line; as far as it can be told before the guest is opened. Pure; linear in the rows.
 */
export function checkRows(
  rows: readonly BatchRow[],
  facts: BatchFacts,
  { resume, force }: Leniency = {},
): Fault[] {
  const faults: Fault[] = []
  const owners = standingClaims(facts, rows)
  const entries = new Set([...facts.entries].map(folded))
  for (const row of rows) {
    const existing = facts.existing.get(row)
    if (existing !== undefined && 'fault' in existing) {
      faults.push({ line: row.line, column: 'vmx', ...existing.fault })
    }
    const vm: StandingVm | undefined = existing === undefined || 'fault' in existing ? undefined : existing
    const taken =
      row.vmx === undefined ? (unusableName(row) ?? takenDirectory(row, facts, entries, resume)) : undefined
    if (taken !== undefined) faults.push(taken)
    faults.push(...checkClaims(row, claimsOf(row, vm?.vmx), owners, force))
    faults.push(
      ...checkNics(row, { facts, vm: row.vmx === undefined ? facts.template : vm, force: force ?? false }),
    )
  }
  return faults.sort((one, other) => one.line - other.line)
}

function unusableName({ line, name }: BatchRow): Fault | undefined {
  const fault = cloneNameFault(name)
  if (fault === undefined) return undefined
  const message = `the name ${JSON.stringify(name)} ${fault}`
  return { line, column: 'name', message, hint: 'Name the clone otherwise.' }
}

/** A directory that stands where a clone would; with --resume only the template's own is refused. */
function takenDirectory(
  { line, name }: BatchRow,
  { templateDirectory, to = '' }: BatchFacts,
  entries: ReadonlySet<string>,
  resume: boolean | undefined,
): Fault | undefined {
  const same = folded(name)
  if (!entries.has(same)) return undefined
  const path = join(to, name)
  if (templateDirectory !== undefined && folded(templateDirectory) === same) {
    const hint = 'Name the clone otherwise.'
    return { line, column: 'name', message: `${path} is the template’s directory`, hint }
  }
  if (resume) return undefined
  const hint = 'Name the clone otherwise, remove what is there, or go on with an earlier run by --resume.'
  return { line, column: 'name', message: `${path} exists already`, hint }
}

/** Enters what a row wants, and tells what others have. */
function checkClaims(
  row: BatchRow,
  claims: readonly Claim[],
  owners: Map<string, Owner>,
  force: boolean | undefined,
): Fault[] {
  const { line } = row
  const faults: Fault[] = []
  for (const { key, says, column, follows } of claims) {
    const owner = owners.get(key)
    const own = row.vmx === undefined && owner?.directory === folded(row.name)
    if (owner === undefined || own || (owner.recorded && force)) {
      owners.set(key, { name: `line ${line}`, row })
      continue
    }
    // Names that clash let the host names that follow from them clash too; once is enough.
    if (follows && faults.some((fault) => fault.column === 'name')) continue
    faults.push({
      line,
      column,
      message: owner.row === row ? `${says} stands in this row twice` : `${says} is that of ${owner.name}`,
      hint: owner.recorded
        ? 'Give each clone one of its own, or use --force if that VM has another by now, or is on another network.'
        : 'Give each clone one of its own.',
    })
  }
  return faults
}
