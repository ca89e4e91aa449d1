import type { ErrorEntry } from './index.ts'

/** The VM's own files: .vmx, .vmxf, locks and state. */
export const MACHINE_ERRORS = {
  VMX_NOT_FOUND: {
    exit: 2,
    meaning: 'The .vmx file does not exist or cannot be read.',
    remedy: 'Check the path: it is that of a VM’s .vmx file.',
  },
  VMX_MALFORMED: {
    exit: 2,
    meaning: 'The file given as .vmx is something else: empty, a disk, a binary, or far too large.',
    remedy: 'Give the path of the clone’s own .vmx file.',
  },
  ENCODING_UNKNOWN: {
    exit: 3,
    meaning:
      'The .vmx names a character encoding that is not known, and text in it had to be read or written.',
    remedy:
      'Rename the VM in VMware with ASCII characters only, or save the file as UTF-8 with .encoding = "UTF-8".',
  },
  VALUE_NOT_ENCODABLE: {
    exit: 2,
    meaning: 'A value has characters that the encoding of the .vmx cannot hold.',
    remedy: 'Use characters that the encoding has; ASCII always works.',
  },
  NAME_UNUSABLE: {
    exit: 2,
    meaning: 'A clone’s name, or a path that its disks must name, has characters that a VMDK cannot hold.',
    remedy: 'Use letters, digits, dots, dashes and blanks; no quotes, colons or backslashes.',
  },
  SNAPSHOT_UNUSABLE: {
    exit: 3,
    meaning: 'The template’s snapshot does not fit its current disks, so no linked clone can stand on it.',
    remedy: 'Take a new snapshot of the template in VMware, or make full clones.',
  },
  VM_LOCKED: {
    exit: 3,
    meaning:
      'The VM runs, is open in VMware, or was copied while it was: a lock lies beside one of its files.',
    remedy:
      'Power the VM off and close it in VMware. If no VMware uses this copy, delete the lock, or run again with --force.',
  },
  VM_SUSPENDED: {
    exit: 3,
    meaning: 'The VM is suspended; its memory image holds the old identity.',
    remedy: 'Resume it in VMware, shut the guest down from within, and run again.',
  },
  VM_ENCRYPTED: {
    exit: 3,
    meaning: 'The configuration of the VM is encrypted.',
    remedy: 'Remove the encryption in VMware (and a virtual TPM, which needs it), and run again.',
  },
  VM_NOT_SHUT_DOWN: {
    exit: 3,
    meaning: 'The .vmx says that the VM was not shut down: it runs, crashed, or was copied while it ran.',
    remedy: 'Start the VM and shut it down in order. If it surely does not run, run again with --force.',
  },
  VM_IS_TEMPLATE: {
    exit: 3,
    meaning: 'The VM is in template mode, which protects the parent of linked clones.',
    remedy:
      'Give the .vmx of a clone. If this is a copy of the template, switch template mode off, or run again with --force.',
  },
} as const satisfies Record<string, ErrorEntry>
