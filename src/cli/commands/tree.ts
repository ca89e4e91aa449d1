import type { Command } from '../command.ts'
import { reporting } from '../reporting.ts'

/** Fixes the guest whose root directory is given. */
export const tree: Command = {
  name: 'tree',
  summary: 'the same for a guest’s root directory: a mounted disk, a chroot',
  description:
    'Gives the guest in a directory an identity of its own, without .vmx and appliance: address, host name, machine-id, SSH host keys and all else that was unique. What is not given is drawn anew in each run.',
  operand: 'directory',
  operandIs: 'guest',
  options: [
    'ip',
    'prefix',
    'netmask',
    'gateway',
    'dns',
    'search',
    'ip6',
    'gateway6',
    'dhcp',
    'profile',
    'hostname',
    'old-mac',
    'mac',
    'machine-id',
    'ssh-keys',
    'nic',
    'hosts',
    'hosts-from',
    'enable',
    'disable',
    'sweep',
    'dry-run',
    'config',
    'diff',
    'json',
    'quiet',
    'verbose',
  ],
  examples: [
    {
      line: 'sudo vmclone-fix tree /mnt/node1 --hostname node1 --ip 192.168.8.12',
      says: 'the guest whose disk is mounted on /mnt/node1',
    },
    {
      line: 'sudo vmclone-fix tree /mnt/node1 --old-mac 00:0c:29:3a:5b:7c --mac 00:50:56:12:34:56',
      says: 'replaces the old MAC address where the guest names it',
    },
  ],
  run(invocation) {
    const { operands, values, terminal, signal } = invocation
    return reporting(invocation, ['read', 'plan', 'write', 'verify'], async ({ onEvent }) => {
      const { readRequest } = await import('../request-files.ts')
      const library = await import('../../workflow/fix-tree.ts')
      const root = operands[0] ?? ''
      const request = await readRequest(values, terminal.cwd)
      const sweep = values.sweep === undefined ? {} : { sweep: values.sweep.value }
      const options = { root, request, ...sweep, signal, onEvent }
      return values['dry-run']?.value ? library.planTree(options) : library.fixTree(options)
    })
  },
}
