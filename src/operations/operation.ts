import type { GuestRead } from '../guest/tree.ts'
import type { Identity } from '../identity/identity.ts'
import type { Notice } from '../notices.ts'
import type { Change, IdChange } from '../transaction/change.ts'
import type { Survey } from './survey.ts'

/** What an operation wants: changes in the order in which they are made, and what the user should know. */
export interface OperationPlan {
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
}

/** One repair of a clone. Pure and synchronous: no I/O, no clock, no randomness. */
export interface Operation {
  /** Letters, digits, dashes; what --enable and --disable name. */
  readonly name: string
  /** A name for several operations at once, which --enable and --disable take too. */
  readonly group?: string
  /** One line without a full stop. */
  readonly heading: string
  /** What it does and to which files, for docs/operations.md. */
  readonly description: string
  /** What it does not do. */
  readonly notes?: string
  readonly default: boolean
  /** What it reads in the guest. */
  readonly reads: readonly GuestRead[]
  /** It changes ids on the VM's disks: "descriptor" in what the host has of them, "storage" in what the guest has, which the survey brings then. */
  readonly disks?: IdChange['at']
  /** `survey` already holds what earlier operations planned. */
  plan(survey: Survey, identity: Identity): OperationPlan
}

/** No changes, nothing to say. */
export const NOTHING: OperationPlan = { changes: [], notices: [] }
