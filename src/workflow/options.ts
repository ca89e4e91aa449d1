import type { EventSink } from '../events.ts'
import type { CloneRequest } from '../identity/request.ts'

/** How a clone is to be fixed; what it is to become stands in the request. */
export interface FixOptions {
  /** Path of the clone's .vmx. */
  readonly vmx: string
  readonly request: CloneRequest
  /** Goes on where a refusal says that it may be forced. */
  readonly force?: boolean
  /** Reopens the disks read-only after the commit and compares everything once more. */
  readonly verify?: boolean
  /** Seconds for one appliance command; 300 unless given. */
  readonly timeoutSeconds?: number
  /** Aborting ends the run in order; the VM is then as it was. */
  readonly signal?: AbortSignal
  /** Called with progress; must not throw. */
  readonly onEvent?: EventSink
  /** Environment variables for guestfish, on top of this process's own: a user's LIBGUESTFS_ settings are respected if they stand here. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Where findings about this host are kept between runs. Default: none are kept. */
  readonly cacheDirectory?: string
}
