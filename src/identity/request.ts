import type { AddressingRequest } from '../network/model.ts'

/** One line of /etc/hosts as the user gives it. */
export interface HostsEntry {
  readonly address: string
  /** First the canonical name, then aliases. */
  readonly names: readonly string[]
}

/** What the user asks for one NIC. */
export interface NicRequest extends AddressingRequest {
  /** "ethernet1"; absent: the first present NIC. */
  readonly device?: string
  /** A MAC in lower case with colons, or a policy. Default: new. */
  readonly mac?: 'new' | 'vmware' | 'keep' | (string & {})
  /** A plain tree: the MAC that the NIC had; a .vmx says it by itself. */
  readonly oldMac?: string
  /** The guest's interface or connection name. */
  readonly profile?: string
}

/** What the user asks for one clone, checked for syntax and contradictions, defaults not yet filled in. */
export interface CloneRequest {
  readonly name?: string
  /** Default: auto. */
  readonly hostname?: 'auto' | 'keep' | (string & {})
  /** Canonical text (8-4-4-4-12, lower case) or a policy. Default: new. */
  readonly uuid?: 'new' | 'vmware' | 'keep' | (string & {})
  readonly machineId?: 'new' | 'keep' | 'empty'
  /** "leave" where no operation deals with them. */
  readonly sshKeys?: 'new' | 'keep' | 'leave' | 'delete'
  readonly nics: readonly NicRequest[]
  readonly hosts: readonly HostsEntry[]
  /** Every clone of a batch, for the marked block of /etc/hosts; one array for all clones, of which much is made once. Absent: no such block is wanted. */
  readonly hostsBlock?: readonly HostsEntry[]
  /** Operation names. */
  readonly enable: readonly string[]
  readonly disable: readonly string[]
}
