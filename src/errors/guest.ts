import type { ErrorEntry } from './index.ts'

/** The guest: appliance, storage layout, files. */
export const GUEST_ERRORS = {
  GUESTFISH_FAILED: {
    exit: 4,
    meaning: 'A command inside the libguestfs appliance failed.',
    remedy: 'Run `vmclone-fix doctor`; run again with --verbose to see the appliance’s own words.',
  },
  SCRIPT_FAILED: {
    exit: 4,
    meaning: 'A command of a --with script failed in the guest; nothing was kept.',
    remedy: 'Correct that line, or put a - before it if it may fail.',
  },
  GUESTFISH_ENDED: {
    exit: 4,
    meaning: 'guestfish or its appliance ended before its work was done.',
    remedy: 'Check that memory and the directory for temporary files have room; `vmclone-fix doctor` tells.',
  },
  GUEST_TIMEOUT: {
    exit: 4,
    meaning: 'A command inside the libguestfs appliance took longer than --timeout allows.',
    remedy: 'Run again with a larger --timeout, or when the host has less to do.',
  },
  APPLIANCE_START_FAILED: {
    exit: 4,
    meaning: 'The libguestfs appliance does not start, neither with KVM nor emulated.',
    remedy: 'Run `libguestfs-test-tool`; its last lines say where the start ends.',
  },
  NO_OPERATING_SYSTEM: {
    exit: 3,
    meaning: 'No file system of the VM holds a Linux root directory.',
    remedy: 'Check that the VM’s system disk is among the disks that the .vmx names.',
  },
  SEVERAL_OPERATING_SYSTEMS: {
    exit: 3,
    meaning: 'More than one file system of the VM holds a Linux root directory.',
    remedy: 'Give the one to fix with --root.',
  },
  GUEST_ENCRYPTED: {
    exit: 3,
    meaning: 'The guest’s root file system is on an encrypted volume that was not unlocked.',
    remedy:
      'Give the key with --key DEVICE:file:PATH, or run on a terminal, where the passphrase is asked for.',
  },
  GUEST_HIBERNATED: {
    exit: 3,
    meaning: 'The guest is hibernated: its swap holds a memory image that expects the disks unchanged.',
    remedy: 'Start the VM, shut it down from within the guest, then clone it again.',
  },
  FILESYSTEM_DAMAGED: {
    exit: 4,
    meaning: 'A file system that the guest’s fstab names cannot be mounted.',
    remedy: 'Start the original VM and let it check its file systems, then clone it again.',
  },
  FILESYSTEM_TOOL_MISSING: {
    exit: 3,
    meaning: 'The appliance lacks the tools or kernel module for a file system of the guest.',
    remedy: 'Install the package that the message names on this host; the appliance takes it from there.',
  },
  FILESYSTEM_UNSUPPORTED: {
    exit: 3,
    meaning: 'The guest’s files lie on a file system that is not supported.',
    remedy:
      'Move the guest to one of the file systems that docs/guests.md lists, or fix the clone by `vmclone-fix tree` where it can be mounted.',
  },
  FILESYSTEM_MISSING: {
    exit: 3,
    meaning: 'The guest’s fstab names a file system that none of the VM’s disks holds.',
    remedy: 'Attach the missing disk to the VM, or correct /etc/fstab in the guest.',
  },
  GUEST_UNSUPPORTED: {
    exit: 3,
    meaning:
      'The guest makes its /etc anew from an image or a description, so that files edited there have no effect.',
    remedy:
      'Change the clone by the means of its system; docs/guests.md lists the systems that can be edited.',
  },
  GUEST_TOO_LARGE: {
    exit: 3,
    meaning: 'The configuration files to read in the guest are larger or more than any real guest has.',
    remedy: 'Look at the path that the message names, and remove what does not belong there.',
  },
  LVM_SYSTEM_ID: {
    exit: 3,
    meaning: 'LVM volume groups of the guest belong to a system id that the new identity would change.',
    remedy:
      'In the template, clear the groups’ system id with `vgchange --systemid ""`; or keep the machine-id or host name.',
  },
  GUEST_PATH_UNSAFE: {
    exit: 3,
    meaning: 'A guest path to write is not what the plan expects: a symbolic link, or not a regular file.',
    remedy:
      'Look at the path in the guest: it must be a plain file, in real directories. Mend it in the template, and clone again.',
  },
} as const satisfies Record<string, ErrorEntry>
