import { VmcloneError } from '../errors/index.ts'
import { OPERATIONS } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'

/**
 * The operations that a request asks for, in the order in which they run.
 * Throws UNKNOWN_OPERATION for a name that does not exist, BAD_OPTION for one both enabled and disabled.
 */
export function selectOperations(request: {
  readonly enable: readonly string[]
  readonly disable: readonly string[]
}): Operation[] {
  const names = new Set(OPERATIONS.map((operation) => operation.name))
  for (const name of [...request.enable, ...request.disable]) {
    if (!names.has(name)) throw new VmcloneError('UNKNOWN_OPERATION', `there is no operation "${name}"`)
  }
  const both = request.enable.find((name) => request.disable.includes(name))
  if (both !== undefined) {
    throw new VmcloneError('BAD_OPTION', `operation "${both}" is both enabled and disabled`)
  }
  return OPERATIONS.filter(
    ({ name, default: byDefault }) =>
      !request.disable.includes(name) && (byDefault || request.enable.includes(name)),
  )
}
