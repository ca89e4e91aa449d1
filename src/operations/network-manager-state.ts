import { filesMatching, removal, rewrite, secret } from './edit.ts'
import { HELD_READS, holdsIdentity } from './held.ts'
import { replaceMac } from './mac-pins.ts'
import type { Operation } from './operation.ts'

const operation = 'network-manager-state'
const DIRECTORY = '/var/lib/NetworkManager'
/** Of it NetworkManager makes stable addresses and client ids. */
const SECRET = `${DIRECTORY}/secret_key`
const STATE = [SECRET, `${DIRECTORY}/timestamps`, `${DIRECTORY}/seen-bssids`]
/** MAC addresses of cards for which it makes no connection by itself. */
const NO_AUTO_DEFAULT = `${DIRECTORY}/no-auto-default.state`

export const networkManagerState: Operation = {
  name: operation,
  heading: 'Forget what NetworkManager remembers of the template',
  description:
    'Deletes secret_key, of which NetworkManager makes stable IPv6 addresses and DHCP client ids, and its records of past connections (timestamps, seen-bssids) in /var/lib/NetworkManager; it makes them anew. Where no-auto-default.state names the old MAC address, the new one takes its place.',
  notes:
    'Leases are deleted by the operation dhcp-leases. NetworkManager.state and NetworkManager-intern.conf are settings and stay. A guest that already holds this identity keeps its state: it is its own.',
  default: true,
  reads: [NO_AUTO_DEFAULT, ...STATE.map((path) => ({ path, attributes: true as const })), ...HELD_READS],
  plan(survey, identity) {
    const { tree } = survey.guest
    const macs = identity.nics.map((nic) => nic.macChange)
    const purpose = { operation, summary: 'new MAC address' }
    const repinned = rewrite(tree, NO_AUTO_DEFAULT, purpose, (text) => replaceMac(text, macs))
    const forgotten = holdsIdentity(survey, identity) ? [] : filesMatching(tree, STATE)
    const changes = forgotten.map((node) => {
      const gone = removal(node, { operation, summary: 'NetworkManager state of the template deleted' })
      return node.path === SECRET ? secret(gone) : gone
    })
    return { changes: [...changes, ...repinned], notices: [] }
  },
}
