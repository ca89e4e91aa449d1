import type { CloneRequest, HostsEntry } from '../../identity/request.ts'
import type { CloneKind } from '../../machine/clone/template.ts'
import type { Vmnet } from '../../network/model.ts'
import type { Notice } from '../../notices.ts'
import type { FixOptions } from '../options.ts'
import type { CloneReport } from '../report.ts'
import type { Sweep } from '../sweep/types.ts'
import type { DigestSource } from './digest.ts'

export type { CloneKind }

/** One row of a batch: one clone to be made, or one that is there and is to be fixed. */
export interface BatchRow {
  /** Name of the clone, unique in the batch: its directory, its files, and the default of its host and display names. */
  readonly name: string
  /** Where it stands in the caller's table, from 1; for messages. */
  readonly line: number
  /** What it is to become, defaults of the whole batch merged in. */
  readonly request: CloneRequest
  /** An existing clone's .vmx, which is fixed in place; absent: the clone is made from the template. */
  readonly vmx?: string
}

/** What a batch takes besides its rows. */
export interface BatchOptions
  extends Pick<
    FixOptions,
    | 'signal'
    | 'onEvent'
    | 'sweep'
    | 'force'
    | 'verify'
    | 'scripts'
    | 'keys'
    | 'askKey'
    | 'root'
    | 'timeoutSeconds'
    | 'environment'
    | 'cacheDirectory'
  > {
  readonly rows: readonly BatchRow[]
  /** The template's .vmx; needed unless every row has one of its own. */
  readonly template?: string
  /** Directory that gets one directory for each clone. Default: the one that the template's directory lies in. */
  readonly to?: string
  /** Default: full. */
  readonly clone?: CloneKind
  /** Whether each clone's /etc/hosts names every clone of the batch. Default: all. */
  readonly hosts?: 'all' | 'own'
  /** Appliances at a time. Default: by cores and memory. */
  readonly jobs?: number
  /** Draws every id from this text, so that the same batch gets the same ids; keys are always new. */
  readonly seed?: string
  /** Keeps what an earlier run of the same batch finished. */
  readonly resume?: boolean
  /**
   * Makes what the caller will want of a clone's changes, while they are at hand: it stands in the report as `digest`. For a report's
   * `changes` many clones are planned again, each time that they are asked for. Many plans of a dry run are made, and digested, in threads.
   */
  readonly digest?: DigestSource
  /** False: each clone is edited in an appliance, also where stamping is sound. Default: true. */
  readonly stamp?: boolean
}

/** What became of a batch. */
export interface BatchReport {
  /** In the order of the rows. */
  readonly clones: readonly BatchClone[]
  /** The clones as lines of a hosts file: address, then names. */
  readonly hosts: readonly HostsEntry[]
  /** What concerns the whole batch. */
  readonly notices: readonly Notice[]
  /** What still names the template in the clones made from it, by the plan of the first; absent as in a clone's report. */
  readonly sweep?: Sweep
  /** The template's .vmx as the caller named it. */
  readonly template?: string
  readonly clone?: CloneKind
  /** This host's VMnets that a NIC of the clones is on, as far as they could be read; for the picture of the network. */
  readonly vmnets?: readonly Vmnet[]
  readonly seconds: number
  /** Where the time went, in seconds of the clock; parts may overlap. */
  readonly timings: readonly { readonly what: string; readonly seconds: number }[]
}

/** One clone of a batch. */
export interface BatchClone extends CloneReport {
  readonly line: number
  /** How its guest was written; absent if nothing was. */
  readonly how?: 'stamped' | 'edited'
  /** True if it was opened once more in an appliance afterwards and compared. */
  readonly readBack?: boolean
  /** What the option `digest` made; absent for clones that were fixed in place, kept, or failed. */
  readonly digest?: unknown
  /** True if an earlier run had finished it (--resume). */
  readonly kept?: boolean
}

/** What makes a batch: src/workflow/batch/batch.ts. */
export interface BatchEngine {
  /** Makes and fixes all clones; one that fails does not stop the others. Throws VmcloneError for what is wrong with all of them. */
  batch(options: BatchOptions): Promise<BatchReport>
  /** The same up to the plan; nothing is written. */
  planBatch(options: BatchOptions): Promise<BatchReport>
}
