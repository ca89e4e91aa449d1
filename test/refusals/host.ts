import { utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { type Place, type Refusal, table } from '../support/refusal.ts'

const DIRECT = { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }

/** This host cannot do the work: libguestfs, qemu’s tools. The VM’s disk is empty, for no guest is ever opened. */
export const HOST: readonly Refusal[] = [
  {
    code: 'DISK_IN_USE',
    when: 'qemu has the disk open',
    request: async (place) => {
      const vmx = place.vm()
      await holdDisk(join(dirname(vmx), 'disk.vmdk'))
      return [vmx]
    },
    environment: DIRECT,
    traces: true,
    names: [/node1\/disk(-s001)?\.vmdk open for writing/],
    hint: 'Power the VM off',
  },
  {
    code: 'TOOL_MISSING',
    when: 'qemu-img is not installed',
    request: (place) => [place.vm()],
    environment: { PATH: '/nowhere' },
    traces: true,
    names: ['qemu-img'],
    hint: 'qemu-utils',
  },
  {
    code: 'TEMPORARY_UNUSABLE',
    when: 'TMPDIR is not there',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { TMPDIR: '/nowhere' },
    names: ['nothing can be made in /nowhere: ENOENT'],
    hint: 'TMPDIR',
  },
  {
    code: 'APPLIANCE_BUILD_FAILED',
    when: 'there is nothing to build it from',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { ...DIRECT, LIBGUESTFS_PATH: '/nowhere' },
    names: [/^supermin .*: cannot find .*\/nowhere/],
    hint: '/var/tmp',
  },
  {
    code: 'QEMU_MISSING',
    when: 'it is not where it should be',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { ...DIRECT, LIBGUESTFS_HV: '/nowhere/qemu' },
    names: ['/nowhere/qemu'],
    hint: 'qemu-system-x86',
  },
  {
    code: 'APPLIANCE_START_FAILED',
    when: 'qemu does not run',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { ...DIRECT, LIBGUESTFS_HV: '/bin/false' },
    names: ['/bin/false exited with error status 1'],
    hint: 'libguestfs-test-tool',
  },
  {
    code: 'GUESTFISH_FAILED',
    when: 'libguestfs does not know the back end',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { LIBGUESTFS_BACKEND: 'nonsense' },
    names: ['add-drive', 'disk.vmdk', 'invalid backend: nonsense'],
    hint: 'vmclone-fix doctor',
  },
  {
    code: 'GUEST_TIMEOUT',
    when: 'the appliance is slower than --timeout',
    request: (place) => [place.vm(), '--dry-run', '--timeout', '1'],
    environment: DIRECT,
    // On a busy host guestfish itself may be that slow.
    varies: true,
    names: [/^(the start of the appliance|guestfish’s \S+) did not end within 1 s$/],
    hint: '--timeout',
  },
  {
    code: 'TREE_WRITE_FAILED',
    when: 'a file would get longer than the system lets it',
    request: (place) => [...renamed(place, 'a-longer-name'), '--disable', 'machine-id'],
    behind: ['prlimit', `--fsize=${'template\n'.length}`],
    names: ['writing failed', 'EFBIG'],
    hint: 'space',
  },
  {
    code: 'TREE_NOT_RESTORED',
    when: 'a file was longer than the system lets it be again',
    request: (place) => renamed(place, 'n1'),
    behind: ['prlimit', `--fsize=${'n1\n'.length}`],
    leaves: ['guest/etc/hostname', 'guest/etc/machine-id'],
    names: ['/etc/hostname', '/etc/machine-id', 'could not be put back', 'EFBIG'],
    hint: 'restore the files',
  },
]

/** A guest's root directory that is to be called otherwise; its times are such as can be put back. */
export function renamed(place: Place, name: string): string[] {
  const guest = place.guest({ 'etc/hostname': 'template\n', 'etc/machine-id': `${'5'.repeat(32)}\n` })
  for (const file of ['hostname', 'machine-id']) utimesSync(join(guest, 'etc', file), 1000, 2000)
  return ['tree', guest, '--hostname', name, '--disable', 'hosts']
}

const NOBODY = 65534
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']

/** A VM that another user may look at, its files that user’s if there is an owner. */
function shared(place: Place, vmx: string, owner?: number): string {
  place.share(dirname(vmx), owner)
  return vmx
}

/** What another user may not do: only root can become one. */
export const RIGHTS: readonly Refusal[] = [
  {
    code: 'DISK_NOT_ACCESSIBLE',
    when: 'it belongs to somebody else',
    request: (place) => [shared(place, place.vm())],
    behind: AS_NOBODY,
    names: ['disk.vmdk', 'EACCES'],
    hint: 'permissions',
  },
  {
    code: 'VM_NOT_WRITABLE',
    when: 'the directory belongs to somebody else',
    request: (place) => [shared(place, place.vm(), NOBODY)],
    behind: AS_NOBODY,
    names: ['/node1'],
    hint: 'owner',
  },
  {
    code: 'TARGET_UNUSABLE',
    when: 'the directory above belongs to somebody else',
    request: (place) => {
      const template = shared(place, place.vm([], { name: 'base' }))
      return [
        'batch',
        table(place, 'name', 'node7'),
        '--template',
        template,
        '--to',
        `${place.directory}/vms`,
      ]
    },
    behind: AS_NOBODY,
    names: ['/vms cannot be made: EACCES: permission denied'],
    hint: '--to',
  },
  {
    code: 'TREE_NOT_ACCESSIBLE',
    when: 'a file belongs to somebody else',
    request: (place) => [
      'tree',
      place.share(place.guest({ 'etc/hostname': 'old\n' })),
      '--hostname',
      'node1',
    ],
    behind: AS_NOBODY,
    names: ['/etc/hostname'],
    hint: 'root',
  },
]

/** Opens a disk for writing, as qemu does with that of a VM that runs, until the test ends. */
async function holdDisk(path: string): Promise<void> {
  const holder = execa('qemu-io', ['-f', 'vmdk', path], { stdin: 'pipe', reject: false })
  onTestFinished(async () => {
    holder.kill()
    await holder
  })
  // Its prompt comes once the disk is open.
  await new Promise((resolve) => holder.stdout.once('data', resolve))
}
