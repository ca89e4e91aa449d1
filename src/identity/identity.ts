import type { MacChange, NicAddressing, Profile } from '../network/model.ts'
import type { HostsEntry } from './request.ts'

/** A host name; the FQDN is given where there is a domain. */
export interface Hostname {
  readonly short: string
  readonly fqdn?: string
}

/** An OpenSSH key pair, made on the host. */
export interface HostKeyPair {
  /** "rsa", "ecdsa", "ed25519". */
  readonly type: string
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  /** "SHA256:…" */
  readonly fingerprint: string
}

/** What one NIC of the clone is to become. */
export interface NicIdentity {
  /** "ethernet0" */
  readonly device: string
  /** set: `address`; vmware: removed so that VMware makes one; keep: untouched. */
  readonly mac:
    | { readonly policy: 'set'; readonly address: string }
    | { readonly policy: 'vmware' }
    | { readonly policy: 'keep'; readonly address?: string }
  /** For the guest: what to replace pinned addresses by. */
  readonly macChange: MacChange
  /** The guest's profile that carries its address; absent if none was found or none is needed. */
  readonly profile?: Profile
  /** Complete: prefix, gateway and DNS defaults are filled in. Empty: leave all as it is. */
  readonly addressing: NicAddressing
}

/** What a clone is to become, every value concrete. Plain data; made before planning, so that planning is pure. */
export interface Identity {
  /** True if an earlier run gave the VM its identity at this place; for a plain tree, which has no record, always. */
  readonly settled: boolean
  /** Operations by which earlier runs at this place reset agents: what those agents hold now is the clone's own. */
  readonly resets?: readonly string[]
  readonly displayName?: string
  /** Absent: the guest's name stays. */
  readonly hostname?: Hostname
  /** Canonical UUID text of the BIOS, or what to do instead. */
  readonly uuid: { readonly policy: 'set'; readonly value: string } | { readonly policy: 'vmware' | 'keep' }
  /** Sixteen bytes each, for those keys that the .vmx has. */
  readonly vmxfId: Uint8Array
  readonly generationId: Uint8Array
  readonly nics: readonly NicIdentity[]
  /** 32 lower-case hex digits. */
  readonly machineId:
    | { readonly policy: 'set'; readonly value: string }
    | { readonly policy: 'keep' | 'empty' }
  /** "keep" is a wish, which the guest's own programs are told of; "leave" does not concern itself with them. */
  readonly sshKeys:
    | { readonly policy: 'set'; readonly pairs: readonly HostKeyPair[] }
    | { readonly policy: 'keep' | 'leave' | 'delete' }
  readonly hosts: readonly HostsEntry[]
  /** As in the request, the same array. */
  readonly hostsBlock?: readonly HostsEntry[]
  /** 512 bytes without NUL. */
  readonly randomSeed: Uint8Array
  /** 32 bytes that new ids on the clone's disks are made of. */
  readonly storageSeed: Uint8Array
  /** Ids that earlier runs at this place gave to the clone's disks. */
  readonly storageIds?: readonly string[]
}
