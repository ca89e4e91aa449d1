import { STAGES, type Stage } from '../../events.ts'
import type { Command } from '../command.ts'
import { ADDRESS_OPTIONS } from '../options/address.ts'
import { IDENTITY_OPTIONS } from '../options/identity.ts'
import { RUN_OPTIONS } from '../options/run.ts'
import type { OptionName } from '../options/table.ts'
import { reporting } from '../reporting.ts'

const OPTIONS = Object.keys({ ...ADDRESS_OPTIONS, ...IDENTITY_OPTIONS, ...RUN_OPTIONS }) as OptionName[]

/** Fixes one clone in place. */
export const fix: Command = {
  name: 'fix',
  summary: 'fix one clone in place (the default command)',
  description:
    'Gives one powered-off clone an identity of its own: MAC, UUID, address, host name, machine-id, SSH host keys.',
  operand: 'vm.vmx',
  options: OPTIONS.filter((name) => name !== 'old-mac'),
  examples: [
    {
      line: 'vmclone-fix node1/node1.vmx --ip 192.168.8.12',
      says: 'new address, new ids and keys; prefix, gateway and DNS are found',
    },
    {
      line: 'vmclone-fix node1/node1.vmx --ip 192.168.8.12/24 --gateway 192.168.8.2 --dry-run',
      says: 'shows every change as a diff and writes nothing',
    },
    {
      line: 'vmclone-fix node2/node2.vmx --dhcp --hostname node2.lab --hosts "192.168.8.12 node1"',
      says: 'address by DHCP, its own name, and the name of another machine',
    },
  ],
  run(invocation) {
    const scripted = invocation.values.with !== undefined
    const stages = (Object.keys(STAGES) as Stage[]).filter((stage) => scripted || stage !== 'script')
    return reporting(invocation, stages, async (progress) => {
      const { onEvent } = progress
      const { asking, runOptions } = await import('../run-options.ts')
      const { readRequest } = await import('../request-files.ts')
      const options = {
        vmx: invocation.operands[0] ?? '',
        request: await readRequest(invocation.values, invocation.terminal.cwd),
        ...runOptions(invocation),
        ...asking(invocation, progress),
        onEvent,
      }
      const library = await import('../../workflow/fix.ts')
      return invocation.values['dry-run']?.value ? library.planFix(options) : library.fix(options)
    })
  },
}
