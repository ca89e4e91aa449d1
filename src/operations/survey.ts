import type { StorageId } from '../guest/storage-id.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import type { GuestNetwork, Vmnet } from '../network/model.ts'

/** The guest's /etc/os-release, as far as it matters here. */
export interface OsRelease {
  /** "debian" */
  readonly id: string
  readonly versionId?: string
  readonly idLike: readonly string[]
  readonly prettyName: string
}

/** What was read of a guest. */
export interface GuestSurvey {
  readonly os: OsRelease
  readonly tree: GuestTree
  /** Absent if no dialect is in force. */
  readonly network?: GuestNetwork
  /** True if the guest uses SELinux (load_policy present, SELINUX not disabled). */
  readonly selinux: boolean
  /** The ids on the VM's disks; absent if no operation asked for them. */
  readonly storage?: readonly StorageId[]
}

/** Everything that planning knows of one clone: plain data. */
export interface Survey {
  /** The survey before any operation planned: what the clone was called, and which identity it held. Absent: this one. */
  readonly before?: Survey
  /** Absent for a plain directory tree. */
  readonly machine?: MachineSurvey
  readonly guest: GuestSurvey
  /** This host's virtual networks. */
  readonly vmnets: readonly Vmnet[]
}
