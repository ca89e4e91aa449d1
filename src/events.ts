import type { VmcloneError } from './errors/index.ts'
import type { Notice } from './notices.ts'

/** The steps of one fix, in their order. */
export const STAGES = {
  check: 'Checking the VM and its disks',
  launch: 'Starting the appliance',
  read: 'Reading the guest',
  plan: 'Planning',
  write: 'Writing the changes',
  script: 'Running the scripts',
  verify: 'Reading everything back',
  commit: 'Committing',
} as const

export type Stage = keyof typeof STAGES

/** What a clone of a batch goes through, in order; it ends with one of the last three. */
export const CLONE_STEPS = {
  waiting: 'waiting',
  copying: 'copying the disks',
  editing: 'writing the changes',
  stamping: 'stamping its own contents',
  checking: 'reading back',
  done: 'done',
  kept: 'done by an earlier run',
  failed: 'failed',
} as const

export type CloneStep = keyof typeof CLONE_STEPS

/** What a run tells its caller while it works. `vmx` is the path of the VM that it speaks of. */
export type Event =
  | { readonly type: 'stage'; readonly vmx: string; readonly stage: Stage }
  | { readonly type: 'notice'; readonly vmx: string; readonly notice: Notice }
  | {
      readonly type: 'clone'
      readonly vmx: string
      readonly name: string
      readonly step: CloneStep
      /** Of a step `failed`. */
      readonly error?: VmcloneError
    }
  | { readonly type: 'trace'; readonly vmx: string; readonly text: string }

/** Receives events; must not throw. */
export type EventSink = (event: Event) => void
