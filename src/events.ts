import type { Notice } from './notices.ts'

/** The steps of one fix, in their order. */
export const STAGES = {
  check: 'Checking the VM and its disks',
  launch: 'Starting the appliance',
  read: 'Reading the guest',
  plan: 'Planning',
  write: 'Writing the changes',
  verify: 'Reading everything back',
  commit: 'Committing',
} as const

export type Stage = keyof typeof STAGES

/** What a run tells its caller while it works. `vmx` is the path of the VM that it speaks of. */
export type Event =
  | { readonly type: 'stage'; readonly vmx: string; readonly stage: Stage }
  | { readonly type: 'notice'; readonly vmx: string; readonly notice: Notice }
  | { readonly type: 'trace'; readonly vmx: string; readonly text: string }

/** Receives events; must not throw. */
export type EventSink = (event: Event) => void
