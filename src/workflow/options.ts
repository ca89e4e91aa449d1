import type { EventSink } from '../events.ts'
import type { AskKey } from '../guest/storage/keys.ts'
import type { CloneRequest } from '../identity/request.ts'
import type { KeyFile } from './keys.ts'

/** What every run takes. */
export interface CommonOptions {
  /** What the clone is to become. */
  readonly request: CloneRequest
  /** Paths in the guest that are searched for what still names the old machine, besides /etc. */
  readonly sweep?: readonly string[]
  /** Aborting ends the run in order; the clone is then as it was. */
  readonly signal?: AbortSignal
  /** Called with progress; must not throw. */
  readonly onEvent?: EventSink
}

/** How the guest in a plain directory is to be fixed. */
export interface TreeOptions extends CommonOptions {
  /** The guest's root directory: a mounted disk, a chroot. */
  readonly root: string
}

/** How a clone is to be fixed; what it is to become stands in the request. */
export interface FixOptions extends CommonOptions {
  /** Path of the clone's .vmx. */
  readonly vmx: string
  /** Goes on where a refusal says that it may be forced. */
  readonly force?: boolean
  /** Reopens the disks read-only after the commit and compares everything once more. */
  readonly verify?: boolean
  /** Absolute paths of files of guestfish commands, which run over the guest once it is changed, in this order. */
  readonly scripts?: readonly string[]
  /** Keys of encrypted volumes. */
  readonly keys?: readonly KeyFile[]
  /** Called where no key opens a volume that the guest needs; without it the run then ends with GUEST_ENCRYPTED. */
  readonly askKey?: AskKey
  /** The root file system’s device, or DEVICE:SUBVOLUME, where the disks hold several systems. */
  readonly root?: string
  /** Seconds for one appliance command; 300 unless given. */
  readonly timeoutSeconds?: number
  /** Environment variables for guestfish, on top of this process's own: a user's LIBGUESTFS_ settings are respected if they stand here. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Where findings about this host are kept between runs. Default: none are kept. */
  readonly cacheDirectory?: string
}
