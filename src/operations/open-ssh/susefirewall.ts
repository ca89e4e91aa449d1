import { parseShell, shellValue } from '../../formats/shell-assignments.ts'
import { setShellValue } from '../../formats/shell-assignments-edit.ts'
import { startsAtBoot } from '../../network/services.ts'
import { NOTHING } from '../operation.ts'
import { type Firewall, openIn } from './firewall.ts'

const FILE = '/etc/sysconfig/SuSEfirewall2'
const PORTS = 'FW_SERVICES_EXT_TCP'
const SERVICES = 'FW_CONFIGURATIONS_EXT'

/** SuSEfirewall2, of SLES to 12 and openSUSE Leap to 42: the ports of the external zone. */
export const suseFirewall: Firewall = {
  reads: [FILE],
  open({ guest: { tree } }, ports) {
    const starts = ['SuSEfirewall2', 'SuSEfirewall2_setup', 'SuSEfirewall2_init']
    if (!starts.some((name) => startsAtBoot(tree, name) !== undefined)) return NOTHING
    return { changes: openIn(tree, FILE, ports, opened), notices: [] }
  },
}

function opened(text: string, port: number): string {
  const document = parseShell(text, FILE)
  const words = (key: string) => (shellValue(document, key) ?? '').split(/\s+/).filter(Boolean)
  const has = words(PORTS).some((word) => covers(word, port))
  if (has || (port === 22 && words(SERVICES).includes('sshd'))) return text
  return setShellValue(document, PORTS, [...words(PORTS), String(port)].join(' ')).text
}

function covers(word: string, port: number): boolean {
  if (word === 'ssh') return port === 22
  const [, low, high = low] = /^(\d+)(?::(\d+))?$/.exec(word) ?? []
  return Number(low) <= port && port <= Number(high)
}
