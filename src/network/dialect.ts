import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import type { Evidence, MacChange, NicAddressing, Profile } from './model.ts'

/** What a dialect is asked to do to one profile. */
export interface ProfileEdit {
  readonly profile: Profile
  readonly addressing: NicAddressing
  readonly mac: MacChange
  /** NICs without a profile of their own, such as the ports of a bond: pins to their old addresses follow too. */
  readonly others?: readonly MacChange[]
  /** Name of the operation that asks, for the changes. */
  readonly operation: string
}

/** One way in which guests keep their network configuration. Pure: it sees a tree and returns data. */
export interface Dialect {
  readonly name: string
  /** One line for docs/guests.md. */
  readonly heading: string
  readonly reads: readonly GuestRead[]
  /** Why it is in force; undefined if it is not. Throws VmcloneError for what must be refused. */
  detect(tree: GuestTree): Evidence | undefined
  /** Every ethernet profile that could carry the clone's address. */
  profiles(tree: GuestTree): Profile[]
  /** The changes that give a profile its new addressing and MAC; empty if it has them already. */
  edit(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] }
}
