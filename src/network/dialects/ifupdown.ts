import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { DNS_READS } from './ifupdown/dns.ts'
import { editProfile } from './ifupdown/edit.ts'
import { NAME, readProfiles } from './ifupdown/profiles.ts'
import { collectFiles, INTERFACES } from './ifupdown/sources.ts'
import { VERSION_READS } from './ifupdown/version.ts'

const IFUP = ['/sbin/ifup', '/usr/sbin/ifup', '/var/lib/dpkg/info/ifupdown.list']

/** Debian's ifupdown, ifupdown-ng and BusyBox's: /etc/network/interfaces and what it sources. */
export const ifupdown: Dialect = {
  name: NAME,
  heading: 'ifupdown: /etc/network/interfaces and the files it sources (Debian, Devuan, old Ubuntu, Alpine)',
  reads: [
    '/etc/network/**',
    ...IFUP.map((path) => ({ path, attributes: true as const })),
    ...SERVICE_READS,
    ...DNS_READS,
    ...VERSION_READS,
    ...NAME_PIN_READS,
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  if (!tree.exists(INTERFACES) || !IFUP.some((path) => tree.exists(path))) return undefined
  const boot = startsAtBoot(tree, 'networking')
  const named = collectFiles(tree).some(({ document }) =>
    document.stanzas.some(({ keyword, words }) => keyword === 'iface' && words[0] !== 'lo'),
  )
  if (boot === undefined || !named) return undefined
  return { dialect: NAME, because: `${INTERFACES} and ${boot}` }
}
