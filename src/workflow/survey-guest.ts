import { parseOsRelease } from '../formats/os-release.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import { observeNetwork } from '../network/detect.ts'
import type { Operation } from '../operations/operation.ts'
import type { GuestSurvey, OsRelease } from '../operations/survey.ts'
import { IMAGE_READS, refuseImageBased } from './image-based.ts'

const OS_READS: readonly GuestRead[] = ['/etc/os-release', '/usr/lib/os-release']

/** Everything that has to be read for these operations, each once. */
export function readsOf(operations: readonly Operation[]): GuestRead[] {
  const reads = new Map<string, GuestRead>()
  for (const read of [...OS_READS, ...IMAGE_READS, ...operations.flatMap((operation) => operation.reads)]) {
    const path = typeof read === 'string' ? read : read.path
    if (typeof read === 'string' || !reads.has(path)) reads.set(path, read)
  }
  return [...reads.values()]
}

/** What the tree tells of the guest. Pure. Throws GUEST_UNSUPPORTED, and what dialects throw on detection. */
export function surveyGuest(tree: GuestTree, selinux: boolean): GuestSurvey {
  const os = readOs(tree)
  refuseImageBased(tree, os)
  const network = observeNetwork(tree)
  return { os, tree, selinux, ...(network === undefined ? {} : { network }) }
}

function readOs(tree: GuestTree): OsRelease {
  const values = parseOsRelease(tree.text('/etc/os-release') ?? tree.text('/usr/lib/os-release') ?? '')
  const versionId = values.get('VERSION_ID')
  const id = values.get('ID') ?? 'linux'
  return {
    id,
    ...(versionId === undefined ? {} : { versionId }),
    idLike: (values.get('ID_LIKE') ?? '').split(/\s+/).filter(Boolean),
    prettyName: values.get('PRETTY_NAME') ?? values.get('NAME') ?? id,
  }
}
