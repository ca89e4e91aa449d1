import { VmcloneError } from '../errors/index.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import { findLocks } from '../machine/vmx/locks.ts'
import type { Notice } from '../notices.ts'
import { readRecord } from '../transaction/record.ts'
import { peek, recover } from '../transaction/recover.ts'
import type { IdentityCard } from './report.ts'
import { DESCRIPTORS } from './workspace.ts'

/**
 * Ends what an interrupted run left beside a VM, and says so. A dry run only looks: it throws RECOVERY_NEEDED if the VM
 * is between its old and its new state. Throws VM_LOCKED if a VM that has to be written to runs, and what recover throws.
 */
export async function settleEarlierRun(
  directory: string,
  { apply, force }: { readonly apply: boolean; readonly force: boolean },
): Promise<Notice[]> {
  const ahead = await peek(directory)
  if (ahead !== undefined && ahead.outcome !== 'discarded') {
    if (!apply)
      throw new VmcloneError('RECOVERY_NEEDED', `an interrupted run has to be ended first: ${ahead.message}`)
    const [lock] = await findLocks(directory, [])
    if (lock !== undefined && !force)
      throw new VmcloneError('VM_LOCKED', `an interrupted run cannot be ended: ${lock} is there`)
  }
  const recovery = apply ? await recover(directory, { descriptors: DESCRIPTORS }) : ahead
  return recovery === undefined ? [] : [{ code: 'recovered', message: recovery.message }]
}

/** What an earlier run gave to this VM at this place; undefined if none did, or if the record is not of its shape. */
export async function recallFixed(
  machine: Pick<MachineSurvey, 'directory' | 'vmxPath'>,
): Promise<FixedIdentity | undefined> {
  const fixed = await readRecord(machine.directory, machine.vmxPath)
  return isFixed(fixed) ? fixed : undefined
}

/** The card that was put on record; undefined if none of its shape was. */
export function recordedCard({ card }: FixedIdentity): IdentityCard | undefined {
  return card !== undefined && isCard(card) ? card : undefined
}

function isCard(card: object): card is IdentityCard {
  const { nics, sshHostKeys, ...texts } = card as Partial<Record<string, unknown>>
  return (
    Object.values(texts).every(isText) &&
    Array.isArray(nics) &&
    nics.every(isCardNic) &&
    Array.isArray(sshHostKeys) &&
    sshHostKeys.every((key) => isObject(key) && isText(key.type) && isText(key.fingerprint))
  )
}

function isCardNic(nic: unknown): boolean {
  if (!isObject(nic)) return false
  const { dns, ...texts } = nic
  return isText(nic.device) && isTextList(dns) && Object.values(texts).every(isText)
}

function isFixed(value: unknown): value is FixedIdentity {
  if (!isObject(value)) return false
  const {
    uuid,
    macs,
    addresses,
    machineId,
    sshKeys,
    replacedKeys,
    resets,
    storageIds,
    vmxfId,
    generationId,
    scripts,
    hostname,
    card,
  } = value as Partial<Record<keyof FixedIdentity, unknown>>
  return (
    [uuid, machineId].every(isText) &&
    [vmxfId, generationId].every((id) => isText(id) && /^[0-9a-f]{32}$/.test(id)) &&
    [macs, addresses].every(isTextByDevice) &&
    isTextList(replacedKeys) &&
    [resets, storageIds, scripts].every((list) => list === undefined || isTextList(list)) &&
    (hostname === undefined || isText(hostname)) &&
    (card === undefined || isObject(card)) &&
    (isText(sshKeys) || isTextList(sshKeys))
  )
}

function isTextByDevice(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isText)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
