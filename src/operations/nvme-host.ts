import { v4 } from 'uuid'
import type { Identity } from '../identity/identity.ts'
import { offspring } from '../identity/offspring.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { filesMatching, rewrite } from './edit.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'nvme-host'
const NQN = '/etc/nvme/hostnqn'
const ID = '/etc/nvme/hostid'
/** Configurations of connections, which may repeat both. */
const CONFIGS = ['/etc/nvme/config.json', '/etc/nvme/discovery.conf']
const FILES = [NQN, ID, ...CONFIGS]

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const STANDARD = new RegExp(`^(nqn\\.2014-08\\.org\\.nvmexpress:uuid:)(${UUID})$`)

export const nvmeHost: Operation = {
  name: operation,
  heading: 'Give the NVMe host a name and an id of its own',
  description:
    'The UUID in /etc/nvme/hostnqn and the one in /etc/nvme/hostid, which must agree, are replaced by one UUID that belongs to this clone, also where the connection settings beside them repeat it.',
  notes:
    'Files that are absent or empty are not made: nvme-cli then takes the UUID of the BIOS. A host NQN that is not made of a UUID is left with a notice, and the host id with it. Access lists of NVMe subsystems are not changed.',
  default: true,
  reads: FILES,
  plan(survey, identity) {
    const { tree } = survey.guest
    const nqn = tree.text(NQN)?.trim() ?? ''
    const id = tree.text(ID)?.trim() ?? ''
    if (nqn === '' && id === '') return NOTHING
    const uuid = hostUuid(identity)
    if (uuid === undefined) return NOTHING
    const standard = STANDARD.exec(nqn)
    if (nqn !== '' && standard === null) return { changes: [], notices: [left(nqn)] }
    const old = [standard?.[2] ?? [], new RegExp(`^${UUID}$`).test(id) ? id : []].flat()
    if (old.length === 0) return NOTHING
    const changes: Change[] = []
    const purpose = { operation, summary: `NVMe host ${uuid}` }
    const edit = (text: string): string => old.reduce((next, each) => next.replaceAll(each, uuid), text)
    for (const { path } of filesMatching(tree, FILES)) changes.push(...rewrite(tree, path, purpose, edit))
    return { changes, notices: changes.length === 0 ? [] : [RENAMED] }
  },
}

/** Version 4 in form. */
function hostUuid(identity: Identity): string | undefined {
  const bytes = offspring(identity, operation)
  return bytes && v4({ random: bytes.slice(0, 16) })
}

const RENAMED: Notice = {
  code: 'nvme-host-renamed',
  message: `The host NQN in ${NQN} is a new one; NVMe subsystems that admit hosts by name do not know it yet.`,
  hint: 'Add it to the subsystems’ access lists.',
}

function left(nqn: string): Notice {
  return {
    code: 'storage-name-left',
    message: `${NQN} names the NVMe host ${nqn}, which is not made of a UUID, and was left; every clone has it.`,
    hint: `Give the clone a name of its own there, and a new UUID in ${ID}.`,
  }
}
