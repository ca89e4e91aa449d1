import { assignmentOf, type ShellDocument } from '../../../formats/shell-assignments.ts'
import { openLine } from '../../../formats/shell-open.ts'
import { refuseShellLogic, shellRefusal } from '../shell-logic.ts'
import { GLOBAL } from './files.ts'
import type { ActiveFile } from './profiles.ts'

const EDITED =
  /^(DEVICE|BOOTPROTO|ONBOOT|(IPADDR|PREFIX|NETMASK|GATEWAY|DNS)\d*|DOMAIN|DEFROUTE|IPV6(INIT|ADDR|_AUTOCONF|_DEFAULTGW)|HWADDR|MACADDR|UUID)$/

/** Throws NETWORK_UNSUPPORTED where it is not sure what the reader makes of a file's keys. */
export function refuseUnsure({ document, path, reader }: ActiveFile, global: ShellDocument): void {
  const scripts = reader === 'scripts'
  const reading = scripts ? { crlf: 'the network scripts take' } : { reader }
  refuseShellLogic(path, document, { keys: EDITED, ...reading })
  const open = scripts ? openLine(document.text) : undefined
  if (open !== undefined)
    throw shellRefusal(path, open, 'a quote or bracket has no end here, so that no shell reads the file')
  const shared = assignmentOf(global, 'GATEWAY')
  if (shared && shared.value === undefined)
    throw shellRefusal(GLOBAL, shared.line, 'the shell works out GATEWAY while the guest boots')
}
