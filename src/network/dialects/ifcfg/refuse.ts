import { VmcloneError } from '../../../errors/index.ts'
import { assignmentOf, type ShellDocument } from '../../../formats/shell-assignments.ts'
import { openLine } from '../../../formats/shell-open.ts'
import { GLOBAL } from './files.ts'
import type { ActiveFile } from './profiles.ts'

const EDITED =
  /^(DEVICE|BOOTPROTO|ONBOOT|(IPADDR|PREFIX|NETMASK|GATEWAY|DNS)\d*|DOMAIN|DEFROUTE|IPV6(INIT|ADDR|_AUTOCONF|_DEFAULTGW)|HWADDR|MACADDR|UUID)$/
const CONTROL = /^(if|case|for|while|until|select|function|eval|unset|source|\.|\{|\[\[?)(\s|$)/

/** Throws NETWORK_UNSUPPORTED where it is not sure what the reader makes of a file's keys. */
export function refuseUnsure(file: ActiveFile, global: ShellDocument): void {
  const { document, path, reader } = file
  const refuse = (line: number, why: string, where = path): never => {
    throw new VmcloneError('NETWORK_UNSUPPORTED', `${where}:${line}: ${why}`, {
      hint: 'Write plain KEY=value lines in the template, or give no --ip.',
      position: { file: where, line },
    })
  }
  const control = document.commands.find(({ text }) => CONTROL.test(text))
  if (control) refuse(control.line, 'the file holds shell code, which chooses while the guest boots')
  for (const key of new Set(document.assignments.map((one) => one.key))) {
    const own = EDITED.test(key) ? assignmentOf(document, key) : undefined
    if (!own) continue
    if (own.value === undefined) refuse(own.line, `the shell works out ${key} while the guest boots`)
    if (reader === 'NetworkManager' && !own.alone)
      refuse(own.line, `NetworkManager reads ${key} only if it stands on a line of its own`)
  }
  const returned = document.text.indexOf('\r\n')
  if (reader === 'scripts' && returned >= 0)
    refuse(
      document.text.slice(0, returned).split('\n').length,
      'lines end in CRLF, which the network scripts take for a part of each value',
    )
  const open = reader === 'scripts' ? openLine(document.text) : undefined
  if (open !== undefined) refuse(open, 'a quote or bracket has no end here, so that no shell reads the file')
  const shared = assignmentOf(global, 'GATEWAY')
  if (shared && shared.value === undefined)
    refuse(shared.line, 'the shell works out GATEWAY while the guest boots', GLOBAL)
}
