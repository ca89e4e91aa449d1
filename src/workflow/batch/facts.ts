import type { Taken } from '../../identity/taken.ts'
import { uuidFromBios } from '../../identity/uuid.ts'
import type { VmxDocument } from '../../machine/vmx/document.ts'
import { type Nic, readNics } from '../../machine/vmx/nics.ts'
import type { Vmnet } from '../../network/model.ts'
import type { BatchRow } from './types.ts'

/** A VM that stands already, as its .vmx tells. */
export interface StandingVm {
  /** Absolute path of its .vmx, links resolved. */
  readonly vmx: string
  readonly displayName?: string
  /** Present network cards. */
  readonly nics: readonly Nic[]
  /** Canonical text of its BIOS UUID. */
  readonly uuid?: string
}

/** One beside the clones to be. */
export interface Neighbour extends StandingVm {
  /** Name of the directory under --to that it stands in. */
  readonly directory: string
  /** Static IPv4 addresses that an earlier run is known to have given to it. */
  readonly addresses: readonly string[]
  /** The host name that an earlier run is known to have given to it: short, and with its domain if it has one. */
  readonly hostnames: readonly string[]
}

/** A .vmx that cannot be read. */
export interface Unreadable {
  readonly fault: { readonly message: string; readonly hint: string }
}

/** What the rows of a batch are checked against, besides each other. Plain data. */
export interface BatchFacts {
  readonly template?: StandingVm
  /** The VMs of rows that name a .vmx, or why it cannot be read. */
  readonly existing: ReadonlyMap<BatchRow, StandingVm | Unreadable>
  /** The template’s directory, where it is one of --to. */
  readonly templateDirectory?: string
  /** Every name that is taken in the directory of --to. */
  readonly entries: ReadonlySet<string>
  readonly neighbours: readonly Neighbour[]
  readonly vmnets: readonly Vmnet[]
  /** The directory of --to as the user knows it. */
  readonly to?: string
}

/** What a .vmx tells of the VM that others must not share. */
export function standingVm(path: string, vmx: VmxDocument): StandingVm {
  const displayName = vmx.get('displayName')
  const uuid = uuidFromBios(vmx.get('uuid.bios'))
  return {
    vmx: path,
    ...(displayName ? { displayName } : {}),
    nics: readNics(vmx),
    ...(uuid === undefined ? {} : { uuid }),
  }
}

/** Every MAC and UUID that a clone must not draw: those of standing VMs, of all rows, and those that VMnets reserve. */
export function takenIdentity(rows: readonly BatchRow[], facts: BatchFacts): Taken {
  const existing = [...facts.existing.values()].filter((one) => 'vmx' in one)
  const vms = [...(facts.template ? [facts.template] : []), ...existing, ...facts.neighbours]
  const macs = new Set(vms.flatMap(({ nics }) => nics.flatMap((nic) => nic.macs)))
  const uuids = new Set(vms.flatMap(({ uuid }) => uuid ?? []))
  for (const { request } of rows) {
    for (const { mac } of request.nics) if (mac?.includes(':')) macs.add(mac)
    if (request.uuid?.includes('-')) uuids.add(request.uuid)
  }
  for (const { reservations } of facts.vmnets) for (const { mac } of reservations) macs.add(mac)
  return { macs, uuids }
}
