import type { ErrorCode } from '../../src/errors/index.ts'

/** Codes that need more than these tables lay down, such as a full disk or a guest on LUKS: the tests that provoke them. */
export const ELSEWHERE: Partial<Record<ErrorCode, string>> = {
  CHANGED_MEANWHILE: 'transaction/transaction.real.test.ts',
  COMMITTED_MISMATCH: 'workflow/committed.real.test.ts',
  COPY_FAILED: 'machine/clone/full.real.test.ts',
  ENCODING_UNKNOWN: 'machine/vmx/document.test.ts',
  FILESYSTEM_DAMAGED: 'guest/storage.real.test.ts',
  FILESYSTEM_MISSING: 'guest/layout.test.ts',
  FILESYSTEM_TOOL_MISSING: 'guest/layout.test.ts',
  FILESYSTEM_UNSUPPORTED: 'guest/layout.test.ts',
  GUESTFISH_ENDED: 'guest/session.real.test.ts',
  GUEST_ENCRYPTED: 'guest/storage.real.test.ts',
  GUEST_HIBERNATED: 'guest/storage.real.test.ts',
  GUEST_TOO_LARGE: 'guest/directory/refused.real.test.ts',
  INTERRUPTED: 'workflow/fix-tree.real.test.ts',
  KERNEL_MISSING: 'guest/layout.test.ts',
  KERNEL_UNREADABLE: 'guest/layout.test.ts',
  KEYGEN_FAILED: 'identity/key-pool.real.test.ts',
  LVM_SYSTEM_ID: 'operations/boot-entries.test.ts',
  NAME_UNUSABLE: 'machine/clone/names.test.ts',
  NO_SPACE: 'transaction/full-disk.real.test.ts',
  QEMU_IMG_FAILED: 'transaction/transaction.real.test.ts',
  SCRIPT_FAILED: 'workflow/scripts.real.test.ts',
  SEVERAL_OPERATING_SYSTEMS: 'guest/storage.real.test.ts',
  SHELL_UNEDITABLE: 'formats/shell-assignments.test.ts',
  VALUE_NOT_ENCODABLE: 'machine/vmx/document.test.ts',
}

/** Codes that no test provokes, and why not. */
export const UNPROVOKED: Partial<Record<ErrorCode, string>> = {
  INTERNAL: 'a fault in the program itself',
  VERIFY_MISMATCH: 'a disk would have to give back something else than what was written',
}
