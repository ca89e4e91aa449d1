import { agents } from './agents/report.ts'
import { RESETS } from './agents/reset.ts'
import { biosUuid } from './bios-uuid.ts'
import { cloudInit } from './cloud-init.ts'
import { dhcpLeases } from './dhcp-leases.ts'
import { diskUuid } from './disk-uuid.ts'
import { displayName } from './display-name.ts'
import { hostname } from './hostname.ts'
import { hosts } from './hosts.ts'
import { iscsiInitiator } from './iscsi-initiator.ts'
import { lvmDevices } from './lvm-devices.ts'
import { mac } from './mac.ts'
import { machineId } from './machine-id.ts'
import { network } from './network.ts'
import { networkManagerState } from './network-manager-state.ts'
import { nicNames } from './nic-names.ts'
import { nvmeHost } from './nvme-host.ts'
import { openSsh } from './open-ssh/open-ssh.ts'
import type { Operation } from './operation.ts'
import { packageIds } from './package-ids.ts'
import { randomSeed } from './random-seed.ts'
import { sshHostKeys } from './ssh-host-keys.ts'
import { storageUuids } from './storage-uuids/operation.ts'
import { vmxLeftovers } from './vmx-leftovers.ts'
import { vmxf } from './vmxf.ts'

/** Every operation, in the order in which they run: the VM's files, then the guest's. The only registration. */
export const OPERATIONS: readonly Operation[] = [
  biosUuid,
  mac,
  displayName,
  vmxLeftovers,
  vmxf,
  diskUuid,
  network,
  nicNames,
  dhcpLeases,
  networkManagerState,
  hostname,
  hosts,
  machineId,
  sshHostKeys,
  openSsh,
  cloudInit,
  randomSeed,
  packageIds,
  iscsiInitiator,
  nvmeHost,
  lvmDevices,
  storageUuids,
  ...RESETS,
  agents,
]

/** What --enable and --disable can name: operations, and groups of them. */
export const OPERATION_NAMES: ReadonlySet<string> = new Set(
  OPERATIONS.flatMap(({ name, group }) => (group === undefined ? [name] : [name, group])),
)
