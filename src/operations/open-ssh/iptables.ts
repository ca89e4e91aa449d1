import type { GuestTree } from '../../guest/tree.ts'
import { startsAtBoot } from '../../network/services.ts'
import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import { type Firewall, firewallLeft, openIn } from './firewall.ts'
import { openPort } from './iptables-rules.ts'

/** Rules as iptables-save writes them, and the services that load them. */
interface Saved {
  readonly services: readonly string[]
  readonly files: readonly string[]
}

const SAVED: readonly Saved[] = [
  // RHEL, Arch, Alpine, Gentoo.
  {
    services: ['iptables'],
    files: [
      '/etc/sysconfig/iptables',
      '/etc/iptables/iptables.rules',
      '/etc/iptables/rules-save',
      '/var/lib/iptables/rules-save',
    ],
  },
  {
    services: ['ip6tables'],
    files: [
      '/etc/sysconfig/ip6tables',
      '/etc/iptables/ip6tables.rules',
      '/etc/iptables/rules6-save',
      '/var/lib/ip6tables/rules-save',
    ],
  },
  // Debian.
  {
    services: ['netfilter-persistent', 'iptables-persistent'],
    files: ['/etc/iptables/rules.v4', '/etc/iptables/rules.v6', '/etc/iptables/rules'],
  },
]

/** iptables: the rules that are loaded at boot let new connections in. */
export const iptables: Firewall = {
  reads: SAVED.flatMap(({ files }) => files),
  open({ guest: { tree } }, ports) {
    const changes: Change[] = []
    const notices: Notice[] = []
    for (const path of loaded(tree)) {
      const readable = ports.every((port) => openPort(tree.text(path) ?? '', port) !== undefined)
      if (readable) changes.push(...openIn(tree, path, ports, (text, port) => openPort(text, port) ?? text))
      else notices.push(firewallLeft(`iptables (${path})`, 'its rules are not as iptables-save writes them'))
    }
    return { changes, notices }
  },
}

function loaded(tree: GuestTree): string[] {
  return SAVED.flatMap(({ services, files }) =>
    services.some((name) => startsAtBoot(tree, name) !== undefined)
      ? files.filter((path) => tree.text(path) !== undefined)
      : [],
  )
}
