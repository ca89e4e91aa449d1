import { filesMatching, removal } from './edit.ts'
import { HELD_READS, holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'package-ids'
const IDS = ['/var/lib/zypp/AnonymousUniqueId', '/var/lib/yum/uuid']

export const packageIds: Operation = {
  name: operation,
  heading: 'Forget the ids by which package managers count machines',
  description:
    'Deletes the anonymous ids of zypp (/var/lib/zypp/AnonymousUniqueId) and yum (/var/lib/yum/uuid), which make new ones when they run next.',
  notes:
    'Registrations with a vendor are not touched. A guest that already holds this identity keeps its ids: they are its own.',
  default: true,
  reads: [...IDS, ...HELD_READS],
  plan(survey, identity) {
    if (holdsIdentity(survey, identity)) return NOTHING
    const purpose = { operation, summary: 'package manager’s id of the template deleted' }
    return {
      changes: filesMatching(survey.guest.tree, IDS).map((node) => removal(node, purpose)),
      notices: [],
    }
  },
}
