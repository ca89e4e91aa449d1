/**
 * The library: the functions that the command line calls. Everything that refuses or fails is a VmcloneError.
 * @module
 */
export { ERRORS, type ErrorCode, type Fault, type Position, VmcloneError } from './errors/index.ts'
export type { Event, EventSink, Stage } from './events.ts'
export type { CloneRequest, HostsEntry, NicRequest } from './identity/request.ts'
export { readVmx } from './machine/read.ts'
export type { VmxDocument } from './machine/vmx/document.ts'
export type { Notice, NoticeCode } from './notices.ts'
export { OPERATIONS } from './operations/index.ts'
export type {
  Change,
  FileChange,
  IdBearer,
  IdChange,
  LinkChange,
  MachineFileChange,
  RemoveChange,
  WriteChange,
} from './transaction/change.ts'
export { unifiedDiff } from './transaction/diff.ts'
export { batch, planBatch } from './workflow/batch/batch.ts'
export type { DigestSource } from './workflow/batch/digest.ts'
export type { BatchClone, BatchOptions, BatchReport, BatchRow, CloneKind } from './workflow/batch/types.ts'
export { fix, planFix } from './workflow/fix.ts'
export { fixTree, planTree } from './workflow/fix-tree.ts'
export type { FixOptions, TreeOptions } from './workflow/options.ts'
export type { CardNic, CloneReport, IdentityCard, ScriptReport } from './workflow/report.ts'
export type { Leftover, OldKind, Skipped, SkipReason, Sweep } from './workflow/sweep/types.ts'
