import { startsAtBoot } from '../../network/services.ts'
import { type Firewall, firewallLeft } from './firewall.ts'

/** Programs that make rules of descriptions of their own. */
const OTHERS = [
  'shorewall',
  'shorewall6',
  'ferm',
  'firehol',
  'awall',
  'csf',
  'arno-iptables-firewall',
  'firewall',
]

/** Firewalls that are told of and not edited. */
export const otherFirewalls: Firewall = {
  reads: [],
  open({ guest: { tree } }) {
    const inForce = OTHERS.filter((name) => startsAtBoot(tree, name) !== undefined)
    const notices = inForce.map((name) => firewallLeft(name, 'its configuration is not known here'))
    return { changes: [], notices }
  },
}
