import { VmcloneError } from '../errors/index.ts'
import type { CloneRequest, NicRequest } from '../identity/request.ts'
import { OPERATION_NAMES, OPERATIONS } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'

/**
 * The operations that a request asks for, in the order in which they run. What is disabled, by its name or its group's, is
 * not done, whatever is enabled.
 * Throws UNKNOWN_OPERATION for a name that does not exist, BAD_OPTION for one both enabled and disabled.
 */
export function selectOperations(request: {
  readonly enable: readonly string[]
  readonly disable: readonly string[]
}): Operation[] {
  for (const name of [...request.enable, ...request.disable]) {
    if (!OPERATION_NAMES.has(name))
      throw new VmcloneError('UNKNOWN_OPERATION', `there is no operation "${name}"`)
  }
  const both = request.enable.find((name) => request.disable.includes(name))
  if (both !== undefined) {
    throw new VmcloneError('BAD_OPTION', `operation "${both}" is both enabled and disabled`)
  }
  return OPERATIONS.filter(
    (operation) =>
      !isNamed(request.disable, operation) && (operation.default || isNamed(request.enable, operation)),
  )
}

function isNamed(names: readonly string[], { name, group }: Operation): boolean {
  return names.includes(name) || (group !== undefined && names.includes(group))
}

/**
 * The request with everything kept that no operation will change, so that nobody counts on values that are not given.
 * `devices`: the present NICs of the VM, "ethernet0" and so on.
 */
export function keepingDisabled(
  request: CloneRequest,
  operations: readonly Operation[],
  devices: readonly string[],
): CloneRequest {
  const runs = (name: string) => operations.some((operation) => operation.name === name)
  return {
    ...request,
    ...(runs('bios-uuid') ? {} : { uuid: 'keep' }),
    ...(runs('hostname') ? {} : { hostname: 'keep' }),
    ...(runs('machine-id') ? {} : { machineId: 'keep' }),
    ...(runs('ssh-host-keys') ? {} : { sshKeys: 'leave' }),
    ...(runs('mac') ? {} : { nics: keepingMacs(request.nics, devices) }),
  }
}

function keepingMacs(nics: readonly NicRequest[], devices: readonly string[]): NicRequest[] {
  const asked = nics.map((nic) => nic.device ?? devices[0])
  const others = devices.filter((device) => !asked.includes(device)).map((device) => ({ device }))
  return [...nics, ...others].map((nic) => ({ ...nic, mac: 'keep' }))
}
