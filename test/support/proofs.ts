import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GuestTree } from '../../src/guest/tree.ts'
import { isNg } from '../../src/network/dialects/ifupdown/version.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { readGolden } from './golden.ts'

/** Programs that judge what a dialect wrote, and the test that asks them. */
const ORACLES: Readonly<Record<string, readonly [what: string, test: string]>> = {
  netplan: ['`netplan generate`', 'test/network/dialects/netplan.real.test.ts'],
  keyfile: ['`nmcli --offline`', 'test/network/dialects/keyfile.real.test.ts'],
  ifcfg: ['`bash`', 'test/network/dialects/ifcfg.real.test.ts'],
  'systemd-networkd': [
    '`systemd-networkd` in a network namespace',
    'test/network/dialects/networkd.real.test.ts',
  ],
  ifupdown: ['`ifup --no-act`, `ifquery`', 'test/network/dialects/ifupdown.real.test.ts'],
  'ifupdown-ng': ['`ifquery` of ifupdown-ng', 'test/network/dialects/ifupdown-ng.real.test.ts'],
  wicked: ['`bash`', 'test/network/dialects/shell-files.real.test.ts'],
  netctl: ['netctl’s own `ip_set`', 'test/network/dialects/netctl.real.test.ts'],
  netifrc: ['`bash`', 'test/network/dialects/shell-files.real.test.ts'],
  connman: ['`connmand` in a network namespace', 'test/network/dialects/connman.real.test.ts'],
  dhcpcd: ['`dhcpcd` in a network namespace', 'test/network/dialects/dhcpcd.real.test.ts'],
  'rc.local': ['`bash`', 'test/network/dialects/shell-files.real.test.ts'],
  'rc.inet1': ['`bash`', 'test/network/dialects/shell-files.real.test.ts'],
}

/** Guests that are built, cloned, fixed and booted: release and dialect, and the test that does it. */
const BOOTS: readonly (readonly [release: string, dialect: string, test: string])[] = [
  ['Debian GNU/Linux 12', 'ifupdown', 'test/e2e/boot.test.ts'],
]

/** One golden guest and how it is judged. */
export interface Proof {
  readonly name: string
  readonly description: string
  /** "Debian GNU/Linux 12 (bookworm)" */
  readonly release: string
  /** Absent where no NIC of it is configured. */
  readonly dialect?: string
  /** Guest paths that the usual operations write or remove. */
  readonly edited: readonly string[]
  readonly oracle?: string
  readonly boots: boolean
}

/** Every golden guest, by name; oracles and boots only where their test is there. */
export function readProofs(root = 'fixtures/guests'): Proof[] {
  return readdirSync(root).map((name) => {
    const { guest, before, after } = readGolden(join(root, name))
    const { os, network } = surveyGuest(before, false)
    const dialect = network?.evidence.dialect
    const release = before.text('/etc/redhat-release')?.trim() ?? os.prettyName
    const [oracle, test] =
      ORACLES[dialect === 'ifupdown' && isNg(before) ? 'ifupdown-ng' : (dialect ?? '')] ?? []
    const paths = after.nodes().filter((node) => changed(before, node.path, node.content))
    return {
      name,
      description: guest.description,
      release,
      edited: guest.enable === undefined ? [...paths.map((node) => node.path), ...guest.removed].sort() : [],
      boots: BOOTS.some(([start, by, e2e]) => release.startsWith(start) && by === dialect && existsSync(e2e)),
      ...(dialect === undefined ? {} : { dialect }),
      ...(oracle !== undefined && test !== undefined && existsSync(test) ? { oracle } : {}),
    }
  })
}

function changed(before: GuestTree, path: string, content: Uint8Array | undefined): boolean {
  const old = before.entry(path)
  return content !== undefined && (!old?.content || Buffer.compare(old.content, content) !== 0)
}
