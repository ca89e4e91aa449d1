import type { DiskChain } from './disk/chain.ts'
import type { VmxDocument } from './vmx/document.ts'
import type { Nic } from './vmx/nics.ts'

/** What was read of a VM on the host's side: plain data. */
export interface MachineSurvey {
  /** Absolute, links resolved. */
  readonly vmxPath: string
  /** Directory of the .vmx, absolute. */
  readonly directory: string
  /** Base name of the .vmx without its suffix. */
  readonly name: string
  readonly vmx: VmxDocument
  /** The .vmxf named by extendedConfigFile, if it is there: its file name and bytes. */
  readonly vmxf?: { readonly name: string; readonly bytes: Uint8Array }
  readonly nics: readonly Nic[]
  /** Hard disks in the order of their buses, each with its checked chain. */
  readonly disks: readonly AttachedDisk[]
}

/** One hard disk as the .vmx attaches it. */
export interface AttachedDisk {
  /** "scsi0:0" */
  readonly node: string
  readonly chain: DiskChain
}
