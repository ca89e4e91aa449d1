import { resolve } from 'node:path'
import { STAGES, type Stage } from '../../events.ts'
import type { FixOptions } from '../../workflow/options.ts'
import type { Command, Invocation } from '../command.ts'
import { OPTIONS, type OptionName } from '../options/table.ts'
import type { Progress } from '../progress/index.ts'
import { reporting } from '../reporting.ts'

/** Fixes one clone in place. */
export const fix: Command = {
  name: 'fix',
  summary: 'fix one clone in place (the default command)',
  description:
    'Gives one powered-off clone an identity of its own: MAC, UUID, address, host name, machine-id, SSH host keys.',
  operand: 'vm.vmx',
  options: (Object.keys(OPTIONS) as OptionName[]).filter((name) => name !== 'old-mac'),
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
    return reporting(invocation, Object.keys(STAGES) as Stage[], async (progress) => {
      const { onEvent } = progress
      const options = { ...(await fixOptions(invocation)), ...asking(invocation, progress), onEvent }
      const library = await import('../../workflow/fix.ts')
      return invocation.values['dry-run']?.value ? library.planFix(options) : library.fix(options)
    })
  },
}

/** Whom to ask for a passphrase; nobody without a terminal. */
function asking({ terminal, signal }: Invocation, { ask }: Progress): Pick<FixOptions, 'askKey'> {
  const { keyboard, stderr } = terminal
  if (keyboard === undefined || !stderr.isTTY) return {}
  return {
    async askKey({ device }, attempt) {
      const { readPassphrase } = await import('../passphrase.ts')
      const again = attempt > 1 ? 'That passphrase does not open it. ' : ''
      return ask(`${again}Passphrase of the encrypted ${device}: `, () => readPassphrase(keyboard, signal))
    },
  }
}

async function fixOptions({ operands, values, terminal, signal }: Invocation) {
  const { cacheDirectory } = await import('../directories.ts')
  const { readRequest } = await import('../request-files.ts')
  const cache = cacheDirectory(terminal.environment)
  return {
    vmx: operands[0] ?? '',
    request: await readRequest(values, terminal.cwd),
    ...(values.verify === undefined ? {} : { verify: values.verify.value }),
    ...(values.force === undefined ? {} : { force: values.force.value }),
    ...(values.key === undefined
      ? {}
      : {
          keys: values.key.value.map(({ device, file }) => ({ device, file: resolve(terminal.cwd, file) })),
        }),
    ...(values.root === undefined ? {} : { root: values.root.value }),
    ...(values.timeout === undefined ? {} : { timeoutSeconds: values.timeout.value }),
    ...(cache === undefined ? {} : { cacheDirectory: cache }),
    signal,
    environment: terminal.environment,
  }
}
