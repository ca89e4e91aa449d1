import type { ErrorEntry } from './index.ts'

/** This host cannot do the work as it is. */
export const HOST_ERRORS = {
  TOOL_MISSING: {
    exit: 3,
    meaning: 'A program that the work needs is not installed on this host.',
    remedy: 'Install it; `vmclone-fix doctor` names the package.',
  },
  KEYGEN_FAILED: {
    exit: 4,
    meaning: 'An SSH host key could not be made on this host.',
    remedy: 'See in the message what stopped it, or use --ssh-keys keep.',
  },
  KERNEL_UNREADABLE: {
    exit: 3,
    meaning: 'libguestfs makes its appliance from this host’s kernel, which this user may not read.',
    remedy: 'Run `sudo chmod 0644 /boot/vmlinuz*`, again after each kernel update.',
  },
  KERNEL_MISSING: {
    exit: 3,
    meaning: 'libguestfs finds no kernel on this host to make its appliance from.',
    remedy:
      'Install one: `sudo apt-get install linux-image-amd64` (Debian), `linux-image-generic` (Ubuntu), `sudo dnf install kernel` (Fedora, RHEL).',
  },
  APPLIANCE_BUILD_FAILED: {
    exit: 3,
    meaning: 'libguestfs could not build its appliance (supermin failed).',
    remedy:
      'Check the free space in /var/tmp, remove /var/tmp/.guestfs-* and run again; `libguestfs-test-tool` shows the whole output.',
  },
  QEMU_MISSING: {
    exit: 3,
    meaning: 'libguestfs finds no qemu on this host.',
    remedy:
      'Install it: `sudo apt-get install qemu-system-x86` (Debian, Ubuntu), `sudo dnf install qemu-kvm` (Fedora, RHEL).',
  },
  TEMPORARY_UNUSABLE: {
    exit: 3,
    meaning: 'Nothing can be made in the directory for temporary files.',
    remedy:
      'Set TMPDIR to a directory that is there, may be written to and has room; LIBGUESTFS_TMPDIR goes before it.',
  },
  OUTPUT_FAILED: {
    exit: 4,
    meaning: 'The result could not be written to standard output; the work itself went on to its end.',
    remedy:
      'Make room where standard output goes, and run the same command again; a batch with `--resume`, which keeps the clones that are made.',
  },
} as const satisfies Record<string, ErrorEntry>
