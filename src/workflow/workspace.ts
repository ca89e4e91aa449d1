import { rm } from 'node:fs/promises'
import { VmcloneError } from '../errors/index.ts'
import type { Drive } from '../guest/launch.ts'
import { temporaryDirectory } from '../guest/temporary.ts'
import { mendDescriptor, originalDescriptor, readContentId, withDiskUuid } from '../machine/disk/mend.ts'
import { openable } from '../machine/disk/shadow.ts'
import type { AttachedDisk, MachineSurvey } from '../machine/survey.ts'
import type { Descriptors } from '../transaction/settle.ts'
import { begin, type Transaction, type TransactionDisk } from '../transaction/transaction.ts'

/** What a transaction must know of VMDK descriptors. */
export const DESCRIPTORS: Descriptors = { mendDescriptor, readContentId, withDiskUuid }

/** A VM's disks, made ready for an appliance. */
export interface OpenedDisks {
  readonly drives: readonly Drive[]
  /** Absent where the disks were opened for reading. */
  readonly transaction?: Transaction
  /** Takes away what was made and not committed. */
  close(): Promise<void>
}

/** The disks as they are, read-only; nothing is made in the VM's directory. */
export async function openForReading(machine: MachineSurvey): Promise<OpenedDisks> {
  refuseWithoutDisks(machine)
  const scratch = await temporaryDirectory()
  const close = () => rm(scratch, { recursive: true, force: true })
  try {
    const opened = await Promise.all(machine.disks.map(({ chain }) => openable(chain, scratch)))
    return { drives: opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true })), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Overlays over the disks, in a transaction that the caller seals and commits. */
export async function openForWriting(machine: MachineSurvey, signal?: AbortSignal): Promise<OpenedDisks> {
  refuseWithoutDisks(machine)
  const disks = await Promise.all(machine.disks.map(toTransactionDisk))
  const transaction = await begin(machine.directory, disks, {
    descriptors: DESCRIPTORS,
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    drives: transaction.overlays.map((path) => ({ path, format: 'qcow2', readonly: false })),
    transaction,
    close: () => transaction.abort(),
  }
}

async function toTransactionDisk({ chain }: AttachedDisk): Promise<TransactionDisk> {
  const { descriptorPath, cid, files } = chain.leaf
  return {
    path: chain.directPath ?? (async (scratch) => (await openable(chain, scratch)).path),
    descriptorPath,
    descriptor: await originalDescriptor(descriptorPath),
    contentId: cid,
    files,
  }
}

function refuseWithoutDisks(machine: MachineSurvey): void {
  if (machine.disks.length > 0) return
  throw new VmcloneError('DISK_MISSING', `${machine.vmxPath} names no hard disk`, {
    hint: 'A VM without a disk has no guest to fix; check the scsi, sata, nvme and ide keys of the .vmx.',
  })
}
