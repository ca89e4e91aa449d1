import type { VmcloneError } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import type { Sweep } from './sweep/types.ts'

/** One NIC on an identity card. */
export interface CardNic {
  /** "ethernet0" */
  readonly device: string
  /** Absent where VMware makes one at power-on, and where a plain tree's is not known. */
  readonly mac?: string
  /** The host network that the .vmx puts it on, "vmnet8"; absent if unknown. */
  readonly vmnet?: string
  /** "192.168.8.12/24", or "dhcp"; absent if the guest says nothing of it. */
  readonly ipv4?: string
  readonly ipv6?: string
  readonly gateway?: string
  readonly dns: readonly string[]
  /** The guest's profile that carries it, and in which dialect. */
  readonly profile?: string
  readonly dialect?: string
}

/** What makes a VM itself, as read from its files. What it does not have is absent. */
export interface IdentityCard {
  readonly displayName?: string
  readonly hostname?: string
  /** Canonical text, in the byte order of the .vmx. */
  readonly uuid?: string
  readonly machineId?: string
  readonly nics: readonly CardNic[]
  readonly sshHostKeys: readonly { readonly type: string; readonly fingerprint: string }[]
}

/** A --with script. */
export interface ScriptReport {
  /** Absolute path. */
  readonly file: string
  /** How many it has. */
  readonly commands: number
}

/** What became of one clone. */
export interface CloneReport {
  /** Base name of the .vmx, or of the directory. */
  readonly name: string
  /** The .vmx as the caller named it; absent for a plain tree. */
  readonly vmx?: string
  /** A plain tree: the directory as the caller named it. */
  readonly root?: string
  readonly status: 'fixed' | 'unchanged' | 'planned' | 'failed'
  /** Before; absent if it failed before it was known. */
  readonly was?: IdentityCard
  /** After, or as planned. */
  readonly identity?: IdentityCard
  readonly os?: string
  /** One change a file, in the order in which they are made. */
  readonly changes: readonly Change[]
  /** The --with scripts that ran, or would; absent if none. */
  readonly scripts?: readonly ScriptReport[]
  readonly notices: readonly Notice[]
  /** What still names the old machine then; absent where the clone keeps all that told it apart, and for the clones that a batch makes. */
  readonly sweep?: Sweep
  readonly error?: VmcloneError
  readonly seconds: number
}
