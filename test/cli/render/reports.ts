import { VmcloneError } from '../../../src/errors/index.ts'
import type { CloneReport } from '../../../src/workflow/report.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** A clone that was fixed: every kind of change, names in two scripts, and terminal escapes from the guest. */
export const FIXED: CloneReport = {
  name: 'node1',
  vmx: 'vms/node1/node1.vmx',
  status: 'fixed',
  os: 'Debian GNU/Linux 12 (bookworm)\u001b[2J',
  was: {
    displayName: '模板 template',
    hostname: 'debian',
    uuid: '564d1234-0000-1111-2222-333344445555',
    machineId: '0123456789abcdef0123456789abcdef',
    nics: [
      {
        device: 'ethernet0',
        mac: '00:0c:29:11:22:33',
        ipv4: 'dhcp',
        dns: [],
        profile: 'ens33',
        dialect: 'ifupdown',
      },
    ],
    sshHostKeys: [{ type: 'ed25519', fingerprint: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU' }],
  },
  identity: {
    displayName: '模板 template',
    hostname: 'node1',
    uuid: '564daaaa-bbbb-cccc-dddd-eeeeffff0000',
    machineId: 'fedcba9876543210fedcba9876543210',
    nics: [
      {
        device: 'ethernet0',
        mac: '00:50:56:01:02:03',
        ipv4: '192.168.8.12/24',
        gateway: '192.168.8.2',
        dns: ['192.168.8.2', '1.1.1.1'],
        profile: 'ens33',
        dialect: 'ifupdown',
      },
    ],
    sshHostKeys: [{ type: 'ed25519', fingerprint: 'SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg' }],
  },
  changes: [
    {
      at: 'vmx',
      kind: 'write',
      path: 'node1.vmx',
      operation: 'mac',
      summary: 'static address 00:50:56:01:02:03 on ethernet0',
      before: bytes('ethernet0.addressType = "generated"\n'),
      after: bytes('ethernet0.addressType = "static"\n'),
    },
    {
      at: 'guest',
      kind: 'write',
      path: '/etc/hostname',
      operation: 'hostname',
      summary: 'node1\u001b[31m',
      before: bytes('debian\n'),
      after: bytes('node1\n'),
    },
    {
      at: 'guest',
      kind: 'write',
      path: '/etc/ssh/ssh_host_ed25519_key',
      operation: 'ssh-host-keys',
      summary: 'a new ed25519 key',
      before: bytes('OLD PRIVATE\n'),
      after: bytes('NEW PRIVATE\n'),
      secret: true,
    },
    {
      at: 'guest',
      kind: 'write',
      path: '/etc/hosts',
      operation: 'hosts',
      summary: '2 names',
      after: bytes('127.0.0.1\tlocalhost\n192.168.8.12\tnode1\u0085\n'),
      mode: 0o644,
      owner: { uid: 0, gid: 0 },
    },
    {
      at: 'guest',
      kind: 'remove',
      path: '/var/log/journal/0123',
      operation: 'machine-id',
      summary: 'journal of the old machine-id',
      tree: true,
    },
    {
      at: 'storage',
      kind: 'id',
      path: '/dev/sda1',
      operation: 'storage-uuids',
      summary: 'vfat serial number 9A14-C6C8 → F00D-BEEF',
      bearer: 'filesystem',
      format: 'vfat',
      before: '9A14-C6C8',
      after: 'F00D-BEEF',
    },
  ],
  notices: [
    {
      code: 'tcg-used',
      message: 'KVM is broken on this host, so the appliance was emulated.',
      hint: 'vmclone-fix doctor tells more.',
    },
  ],
  seconds: 12.3456,
}

export const SCRIPTED: CloneReport = {
  ...FIXED,
  scripts: [
    { file: '/x/web\u001b[31m.gf', commands: 5 },
    { file: '/x/users.gf', commands: 1 },
  ],
}

export const PLANNED: CloneReport = { ...FIXED, status: 'planned' }

export const UNCHANGED: CloneReport = {
  ...FIXED,
  status: 'unchanged',
  changes: [],
  notices: [],
  was: FIXED.identity ?? { nics: [], sshHostKeys: [] },
}

export const FAILED: CloneReport = {
  name: 'node1',
  vmx: 'vms/node1/node1.vmx',
  status: 'failed',
  changes: [],
  notices: [],
  error: new VmcloneError('DISK_MISSING', 'node1.vmdk is not there', { hint: 'Copy it again.' }),
  seconds: 0.1,
}
