import { VmcloneError } from '../errors/index.ts'
import { isMapping, type YamlDocument, type YamlPath, yamlAt } from '../formats/yaml-spans.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { NicIdentity } from '../identity/identity.ts'
import { type Definition, scalarOf } from '../network/dialects/netplan/definitions.ts'
import { Draft } from '../network/dialects/netplan/draft.ts'
import { editDefinition } from '../network/dialects/netplan/edit.ts'
import type { NetplanFile } from '../network/dialects/netplan/files.ts'
import { interfaceNameOf, keyOf } from '../network/dialects/netplan/profiles.ts'
import { routeStyle } from '../network/dialects/netplan/version.ts'
import { addressingSummary } from '../network/summary.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import type { CloudInit } from './cloud-init-found.ts'
import type { OperationPlan } from './operation.ts'

/**
 * The network configuration from which cloud-init renders the guest's own, where it lies in /etc/cloud: it gets the
 * same addressing, so that it says the same once cloud-init is let at the network again.
 */
export function editSources(
  tree: GuestTree,
  found: CloudInit,
  nics: readonly NicIdentity[],
  operation: string,
): OperationPlan {
  const changes: Change[] = []
  const notices: Notice[] = []
  const asked = nics.filter(({ profile, addressing, macChange }) => {
    return profile && (Object.keys(addressing).length > 0 || macChange.from.length > 0)
  })
  if (asked.length === 0) return { changes, notices }
  for (const { path, document } of found.files) {
    if (!document) continue
    const root = rootOf(document)
    if (root) {
      const edited = editSource(tree, { path, document, root }, asked, operation)
      changes.push(...edited.changes)
      notices.push(...edited.notices)
    } else if (yamlAt(document.data, ['network', 'config', 0]) !== undefined) notices.push(left(path))
  }
  return { changes, notices }
}

/** Where version 2 of the network configuration stands. */
function rootOf({ data }: YamlDocument): YamlPath | undefined {
  const roots: YamlPath[] = [['network'], ['network', 'network'], ['network', 'config']]
  return roots.find((root) =>
    ['ethernets', 'bonds', 'bridges', 'vlans'].some((type) => isMapping(yamlAt(data, [...root, type]))),
  )
}

function editSource(
  tree: GuestTree,
  file: NetplanFile,
  nics: readonly NicIdentity[],
  operation: string,
): OperationPlan {
  const draft = new Draft([file])
  const style = routeStyle(tree, [file])
  const summaries: string[] = []
  try {
    for (const nic of nics) {
      const definition = draft.definitions().find((one) => describes(one, nic))
      if (!definition) continue
      editDefinition(draft, keyOf(definition), nic.addressing, nic.macChange, style)
      summaries.push(`${addressingSummary(definition.id, nic.addressing)}, for cloud-init`)
    }
  } catch (error) {
    if (!(error instanceof VmcloneError)) throw error
    return { changes: [], notices: [left(file.path)] }
  }
  return { changes: draft.changes(tree, operation, summaries.join('; ')), notices: [] }
}

/** True if the definition speaks of the interface that the NIC's profile speaks of. */
function describes(definition: Definition, { profile, macChange: { from, to } }: NicIdentity): boolean {
  if (!profile) return false
  if (profile.dialect === 'netplan' && profile.at === keyOf(definition)) return true
  const mac = scalarOf(definition, 'match', 'macaddress')?.toLowerCase()
  if (mac !== undefined && (from.includes(mac) || mac === to)) return true
  return profile.interfaceName !== undefined && interfaceNameOf(definition) === profile.interfaceName
}

function left(path: string): Notice {
  return {
    code: 'cloud-init-source-left',
    message: `${path} holds network configuration for cloud-init that was left as it is.`,
    hint: 'It is not in force; correct it by hand before you let cloud-init configure the network again.',
  }
}
