import type { Identity } from './identity.ts'

/** What the record keeps of an identity that was given: enough to give the same one again, and no secret. */
export interface FixedIdentity {
  /** Canonical UUID text, or the policy that was followed. */
  readonly uuid: string
  /** By device: a MAC, or the policy that was followed. */
  readonly macs: Readonly<Record<string, string>>
  /** By device: the static IPv4 address that was asked for, without prefix. */
  readonly addresses: Readonly<Record<string, string>>
  /** 32 hex digits, or the policy that was followed. */
  readonly machineId: string
  /** Fingerprints, or the policy that was followed. */
  readonly sshKeys: readonly string[] | string
  /** Fingerprints of the template's keys: where one of them comes back, it is renewed again. */
  readonly replacedKeys: readonly string[]
  /** Operations by which agents were reset; absent: none was. */
  readonly resets?: readonly string[]
  /** Ids that its disks, and what stands on them, were given; absent: none was. */
  readonly storageIds?: readonly string[]
  /** Hex. */
  readonly vmxfId: string
  /** Hex. */
  readonly generationId: string
  /** Hex SHA-256 of the --with scripts that ran on the VM. */
  readonly scripts?: readonly string[]
  /** The host name that it was given, with its domain if it has one; absent if it kept its own. */
  readonly hostname?: string
  /** Plain data by which a later run shows the VM without reading its guest. */
  readonly card?: object
}

/**
 * What to keep of this identity; where it kept a value, what an earlier run had given stays on record. `oldKeys`: the
 * fingerprints of the keys that the guest had before; `resets`: the operations by which agents were reset now; `storageIds`: those that
 * its disks are given now; `card`: what is shown of the VM.
 */
export function fixedIdentity(
  identity: Identity,
  {
    oldKeys,
    resets,
    storageIds,
    card,
  }: {
    readonly oldKeys: readonly string[]
    readonly resets: readonly string[]
    readonly storageIds: readonly string[]
    readonly card?: object | undefined
  },
  earlier?: FixedIdentity,
): FixedIdentity {
  const { uuid, machineId, sshKeys } = identity
  const hostname = identity.hostname?.fqdn ?? identity.hostname?.short ?? earlier?.hostname
  const macs: Record<string, string> = {}
  const addresses: Record<string, string> = {}
  for (const { device, mac, addressing } of identity.nics) {
    const given = addressing.ipv4?.method === 'static' ? addressing.ipv4.address : undefined
    const address = addressing.ipv4 === undefined ? earlier?.addresses[device] : given
    if (address !== undefined) addresses[device] = address
    macs[device] =
      mac.policy === 'set'
        ? mac.address
        : mac.policy === 'keep'
          ? (earlier?.macs[device] ?? 'keep')
          : mac.policy
  }
  const allStorageIds = [...new Set([...(earlier?.storageIds ?? []), ...storageIds])]
  const allResets = [...new Set([...(earlier?.resets ?? []), ...resets])]
  return {
    uuid:
      uuid.policy === 'set' ? uuid.value : uuid.policy === 'keep' ? (earlier?.uuid ?? 'keep') : uuid.policy,
    macs,
    addresses,
    machineId:
      machineId.policy === 'set'
        ? machineId.value
        : machineId.policy === 'keep'
          ? (earlier?.machineId ?? 'keep')
          : machineId.policy,
    sshKeys:
      sshKeys.policy === 'set'
        ? sshKeys.pairs.map((pair) => pair.fingerprint)
        : sshKeys.policy === 'delete'
          ? 'delete'
          : (earlier?.sshKeys ?? 'keep'),
    replacedKeys: sshKeys.policy === 'set' ? oldKeys : (earlier?.replacedKeys ?? []),
    ...(allResets.length === 0 ? {} : { resets: allResets }),
    ...(allStorageIds.length === 0 ? {} : { storageIds: allStorageIds }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(card === undefined ? {} : { card }),
    vmxfId: Buffer.from(identity.vmxfId).toString('hex'),
    generationId: Buffer.from(identity.generationId).toString('hex'),
  }
}
