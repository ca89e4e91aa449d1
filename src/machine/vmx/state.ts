import { type ErrorCode, VmcloneError } from '../../errors/index.ts'
import type { Notice } from '../../notices.ts'
import type { Use } from '../disk/create-type.ts'
import type { VmxDocument } from './document.ts'
import { findLocks, isReadLock } from './locks.ts'

export interface EditableOptions {
  /** Goes on where a refusal may be overridden: locks, no orderly shutdown, template mode. */
  readonly force?: boolean
  /** More files of the VM whose locks count, absolute: disks and parents that lie elsewhere. */
  readonly files?: readonly string[]
  /** A VM that is only read may be in template mode, and clones of it may run. Default: written. */
  readonly use?: Use
}

interface Refusal {
  readonly code: ErrorCode
  readonly fact: string
  /** True if --force goes on. */
  readonly forcible: boolean
}

/**
 * Throws unless the VM may be edited now: VMX_MALFORMED, VM_ENCRYPTED, VM_SUSPENDED, VM_LOCKED, VM_NOT_SHUT_DOWN,
 * VM_IS_TEMPLATE (unless it is only read). The last three are passed over with `force`; the notices say which. `directory` is the VM's, absolute.
 */
export async function refuseUnlessEditable(
  vmx: VmxDocument,
  directory: string,
  options: EditableOptions = {},
): Promise<Notice[]> {
  const { files = [], use = 'written' } = options
  const refusals = [
    ...configurationRefusals(vmx, use),
    ...lockRefusals(vmx, await locksAgainst(use, directory, files)),
  ]
  const standing = refusals.find((refusal) => !(refusal.forcible && options.force))
  if (standing) throw new VmcloneError(standing.code, standing.fact)
  return refusals.map(({ fact }) => ({ code: 'forced', message: `${fact}; --force went on` }))
}

function configurationRefusals(vmx: VmxDocument, use: Use): Refusal[] {
  const { file } = vmx
  const refusals: Refusal[] = []
  const refuse = (code: ErrorCode, fact: string, forcible: boolean) =>
    refusals.push({ code, fact: `${file}: ${fact}`, forcible })
  const keys = vmx.keys().map((key) => key.toLowerCase())
  const encryption = keys.find((key) => /^(encryption\.|encryptedvm\.guid$)/.test(key) && vmx.get(key))
  const vmState = vmx.get('checkpoint.vmState')
  if (encryption !== undefined) refuse('VM_ENCRYPTED', 'the configuration is encrypted', false)
  else if (!keys.some((key) => key === 'config.version' || key === 'virtualhw.version' || key === 'guestos'))
    refuse(
      'VMX_MALFORMED',
      'none of config.version, virtualHW.version and guestOS is there, so it is not a .vmx',
      false,
    )
  if (vmState) refuse('VM_SUSPENDED', `the VM is suspended (${JSON.stringify(vmState)})`, false)
  if (vmx.isFalse('cleanShutdown')) refuse('VM_NOT_SHUT_DOWN', 'cleanShutdown is FALSE', true)
  if (use === 'written' && vmx.isTrue('templateVM'))
    refuse('VM_IS_TEMPLATE', 'the VM is in template mode (templateVM is TRUE)', true)
  return refusals
}

async function locksAgainst(use: Use, directory: string, files: readonly string[]): Promise<string[]> {
  const locks = await findLocks(directory, files)
  const harmless = await Promise.all(locks.map(async (lock) => use === 'read' && (await isReadLock(lock))))
  return locks.filter((_, i) => !harmless[i])
}

function lockRefusals(vmx: VmxDocument, locks: readonly string[]): Refusal[] {
  if (locks.length === 0) return []
  return [{ code: 'VM_LOCKED', fact: `${vmx.file}: locked by ${locks.join(', ')}`, forcible: true }]
}
