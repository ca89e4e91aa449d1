import type { ByteText } from '../../formats/bytes.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Survey } from '../survey.ts'

/** Where state lies, a path or pattern as in GuestRead; with `holding`, only where the file's text has that. */
export type StatePath = string | { readonly path: string; readonly holding: RegExp }

/** Files that are deleted, less those that `except` names. */
export interface Deletion {
  readonly how: 'delete'
  readonly paths: readonly string[]
  readonly except?: readonly string[]
}

/** Files that stay and lose what they hold. */
export interface Emptying {
  readonly how: 'empty'
  readonly paths: readonly string[]
}

/** Files of which a part is replaced. */
export interface Editing {
  readonly how: 'edit'
  readonly paths: readonly string[]
  /** What is written, for the docs: "a new UUID". */
  readonly says: string
  /** Leaves a text as it is that already says what this clone is; undefined if nothing is known that it could say. */
  edit(survey: Survey, identity: Identity): ((text: ByteText) => ByteText) | undefined
}

/** A program whose state makes every clone the same machine to somebody else. */
export interface Agent {
  /** Letters, digits, dashes. */
  readonly name: string
  readonly product: string
  /** With its article: "the node key". */
  readonly holds: string
  /** Any of these says that the program is in use under this identity; an empty file says nothing. */
  readonly found: readonly StatePath[]
  /** What the user does about it: after a reset, or instead of one. Whole sentences. */
  readonly advice?: string
}

/** One that may be reset, by the operation reset-<name>. */
export interface ResettableAgent extends Agent {
  readonly reset: Deletion | Emptying | Editing
  /** True if the program makes a new identity by itself at its next start. */
  readonly heals: boolean
  /** Where any of these is, others depend on the state, and nothing is reset. */
  readonly server?: readonly string[]
}

/** One that is reported and never touched. */
export interface ReportedAgent extends Agent {
  readonly advice: string
}

/** What a product's state is to others: an enrolment of this machine, or a place in a cluster or database. */
export type AgentKind = 'agent' | 'cluster'
