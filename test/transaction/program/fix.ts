import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import {
  mendDescriptor,
  originalDescriptor,
  readContentId,
  withDiskUuid,
} from '../../../src/machine/disk/mend.ts'
import type { MachineFileChange } from '../../../src/transaction/change.ts'
import type { Step } from '../../../src/transaction/settle.ts'
import { begin, type TransactionDisk } from '../../../src/transaction/transaction.ts'

export const descriptors = { mendDescriptor, readContentId, withDiskUuid }

/** The disk of the test VM in a directory: `disk.vmdk`, with extents beside it. */
export async function testDisk(directory: string): Promise<TransactionDisk> {
  const path = join(directory, 'disk.vmdk')
  const contentId = (await readContentId(path)) ?? ''
  return { path, descriptorPath: path, descriptor: await originalDescriptor(path), contentId, files: [path] }
}

/** One of each: a file that is edited, one that is new, one that goes. */
export async function testChanges(directory: string): Promise<MachineFileChange[]> {
  const common = { at: 'host', operation: 'test', summary: 'test' } as const
  return [
    {
      ...common,
      at: 'vmx',
      kind: 'write',
      path: 'vm.vmx',
      before: await readFile(join(directory, 'vm.vmx')),
      after: Buffer.from('new\n'),
    },
    {
      ...common,
      kind: 'write',
      path: 'added.txt',
      after: Buffer.from('added\n'),
      mode: 0o640,
      owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    },
    { ...common, kind: 'remove', path: 'gone.txt', before: await readFile(join(directory, 'gone.txt')) },
  ]
}

/** What the guest's files would be: new data over old, over nothing, and zeros over old. */
export async function editGuest(overlay: string): Promise<void> {
  const writes = ['-P 51 64k 192k', '-P 52 3M 600k', '-z 1M 64k', '-P 53 7M 4k'].flatMap((w) => [
    '-c',
    `write ${w}`,
  ])
  await execa('qemu-io', ['-f', 'qcow2', ...writes, overlay])
}

/** The whole of a fix: begin, edit, seal, commit; gives what commit gives. */
export async function fixVm(
  directory: string,
  onStep?: (step: Step) => void | Promise<void>,
): Promise<string | undefined> {
  const transaction = await begin(directory, [await testDisk(directory)], {
    descriptors,
    ...(onStep ? { onStep } : {}),
  })
  try {
    await editGuest(transaction.overlays[0] as string)
    await transaction.seal(await testChanges(directory), join(directory, 'vm.vmx'), { uuid: 'x' })
    return await transaction.commit()
  } finally {
    await transaction.abort()
  }
}
