import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { DescriptorDocument } from '../../src/formats/descriptor.ts'
import { readChain } from '../../src/machine/disk/chain.ts'
import { originalDescriptor, readDiskUuid } from '../../src/machine/disk/mend.ts'
import type { IdChange } from '../../src/transaction/change.ts'
import type { Step } from '../../src/transaction/settle.ts'
import { begin } from '../../src/transaction/transaction.ts'
import { useDirectory } from '../support/disks.ts'
import { descriptors, editGuest, testDisk } from './program/fix.ts'
import { copyVm, makeVm, sameDisk } from './test-vm.ts'

const BEFORE = '60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c'
const AFTER = '60 00 C2 9a 01 02 03 04-05 06 07 08 09 0a 0b 0c'
const CHANGE: IdChange = {
  at: 'descriptor',
  kind: 'id',
  path: 'disk.vmdk',
  operation: 'disk-uuid',
  summary: 'test',
  bearer: 'vmdk',
  format: 'vmdk',
  before: BEFORE,
  after: AFTER,
}
const directory = useDirectory()

/** As VMware has it in the descriptor, be that a file or the second sector of one. */
async function addUuid(path: string): Promise<void> {
  const document = DescriptorDocument.parse(await originalDescriptor(path))
  const text = `${document.body}ddb.uuid = "${BEFORE}"\n`
  if ((await readFile(path)).subarray(0, 4).toString() !== 'KDMV') return writeFile(path, text, 'latin1')
  const file = await open(path, 'r+')
  await file.write(Buffer.from(text, 'latin1'), 0, text.length, 512)
  await file.close()
}

describe.each(['twoGbMaxExtentSparse', 'monolithicSparse'])('the ddb.uuid of a %s disk', (subformat) => {
  let vm = ''
  let old = ''

  beforeEach(async () => {
    vm = join(directory(), 'vm')
    await mkdir(vm)
    await makeVm(vm, subformat)
    await addUuid(join(vm, 'disk.vmdk'))
    old = await copyVm(vm, join(directory(), 'old'))
  })

  async function change(edit: boolean, onStep?: (step: Step) => void): Promise<void> {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors, ...(onStep ? { onStep } : {}) })
    try {
      if (edit) await editGuest(transaction.overlays[0] as string)
      await transaction.seal([CHANGE], join(vm, 'vm.vmx'), {})
      await transaction.commit()
    } finally {
      await transaction.abort()
    }
  }

  const leaf = async () => (await readChain(join(vm, 'disk.vmdk'), { use: 'read' })).leaf
  const descriptor = async (of: string) =>
    Buffer.from(await originalDescriptor(join(of, 'disk.vmdk'))).toString('latin1')

  test('is the only thing that changes where nothing was written into the disk', async () => {
    await change(false)
    expect(await descriptor(vm)).toBe((await descriptor(old)).replace(BEFORE, AFTER))
    expect(await sameDisk(vm, old)).toBe(true)
    expect((await leaf()).uuid).toBe(AFTER)
    expect(await readDiskUuid(join(vm, 'disk.vmdk'))).toBe(AFTER)
  })

  test('changes together with what was written into it', async () => {
    await change(true)
    const { cid, uuid } = await leaf()
    expect(uuid).toBe(AFTER)
    const before = await readChain(join(old, 'disk.vmdk'), { use: 'read' })
    expect(cid).not.toBe(before.leaf.cid)
    expect(await sameDisk(vm, old)).toBe(false)
  })

  test.each([true, false])('comes back where the commit fails (written into: %s)', async (edit) => {
    const failing = (step: Step) => {
      if (step === 'descriptor') throw new Error('no more')
    }
    await expect(change(edit, failing)).rejects.toMatchObject({ code: 'COMMIT_FAILED' })
    expect(await descriptor(vm)).toBe(await descriptor(old))
    expect(await sameDisk(vm, old)).toBe(true)
  })

  test('is left if it is not what was planned on', async () => {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    const other = { ...CHANGE, before: AFTER, after: BEFORE }
    await expect(transaction.seal([other], join(vm, 'vm.vmx'), {})).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
    })
    await transaction.abort()
  })
})
