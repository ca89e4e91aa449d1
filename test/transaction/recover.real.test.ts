import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { readRecord } from '../../src/transaction/record.ts'
import { peek, recover } from '../../src/transaction/recover.ts'
import { begin } from '../../src/transaction/transaction.ts'
import { useDirectory } from '../support/disks.ts'
import { descriptors, editGuest, fixVm, testDisk } from './program/fix.ts'
import { copyVm, hostFiles, makeVm, sameDisk } from './test-vm.ts'

const NEW = { 'added.txt': 'added\n', 'vm.vmx': 'new\n' }

const directory = useDirectory()
let vm = ''
let old = ''

beforeEach(async () => {
  vm = join(directory(), 'vm')
  await mkdir(vm)
  await makeVm(vm, 'twoGbMaxExtentSparse')
  old = await copyVm(vm, join(directory(), 'old'))
})

describe('the record', () => {
  test('is that of this VM at this place alone', async () => {
    expect(await readRecord(vm, join(vm, 'vm.vmx'))).toBeUndefined()
    await fixVm(vm)
    expect(await readRecord(vm, join(vm, 'vm.vmx'))).toEqual({ uuid: 'x' })
    const copy = await copyVm(vm, join(directory(), 'copy'))
    expect(await readRecord(copy, join(copy, 'vm.vmx'))).toBeUndefined()
    await rename(vm, join(directory(), 'moved'))
    expect(await readRecord(join(directory(), 'moved'), join(directory(), 'moved/vm.vmx'))).toBeUndefined()
  })
})

describe('recover', () => {
  test('has nothing to do where nothing was left, and makes nothing', async () => {
    expect([await peek(vm), await recover(vm, { descriptors })]).toEqual([undefined, undefined])
    expect(await readdir(vm)).toEqual(await readdir(old))
  })

  test.each([
    ['done', 'work/stage', 'finished'],
    ['disk-back', 'work/more', 'taken-back'],
  ] as const)('ends what could not be tidied up after %s', async (at, name, outcome) => {
    const held = join(vm, '.vmclone-fix', name)
    let mounted = false
    const run = fixVm(vm, async (step) => {
      if (outcome === 'taken-back' && step === 'descriptor')
        await rm(join(vm, '.vmclone-fix', 'work', 'stage', '1'))
      if (step !== at) return
      await mkdir(held, { recursive: true })
      await execa('mount', ['-t', 'tmpfs', 'none', held])
      mounted = true
    })
    try {
      if (outcome === 'finished') expect(await run).toContain('EBUSY')
      else await expect(run).rejects.toMatchObject({ code: 'COMMIT_FAILED' })
      expect(await sameDisk(vm, old)).toBe(outcome === 'taken-back')
      await expect(recover(vm, { descriptors })).rejects.toMatchObject({ code: 'WORKSPACE_LEFT', exit: 4 })
    } finally {
      if (mounted) await execa('umount', [held])
    }
    const recovery = await recover(vm, { descriptors })
    expect(recovery?.outcome).toBe(outcome === 'finished' ? 'finished' : undefined)
    expect(await recover(vm, { descriptors })).toBeUndefined()
    expect(await hostFiles(vm)).toEqual(outcome === 'finished' ? NEW : await hostFiles(old))
  })

  test('leaves a VM alone that was powered on in between', async () => {
    const copy = join(directory(), 'copy')
    await fixVm(vm, async (step) => {
      if (step === 'commit') await copyVm(vm, copy)
    })
    await writeFile(join(copy, '.vmclone-fix/lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    await writeFile(join(copy, 'vm.vmx'), 'as VMware left it\n')
    const before = await copyVm(copy, join(directory(), 'before'))
    await expect(peek(copy)).rejects.toMatchObject({ code: 'VM_TOUCHED' })
    await expect(recover(copy, { descriptors })).rejects.toMatchObject({ code: 'VM_TOUCHED' })
    expect(await sameDisk(copy, before)).toBe(true)
    expect(await readFile(join(copy, 'vm.vmx'), 'utf8')).toBe('as VMware left it\n')
  })

  test('sees it also where only the guest was changed', async () => {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    await editGuest(transaction.overlays[0] as string)
    await transaction.seal([], join(vm, 'vm.vmx'), { uuid: 'x' })
    const copy = await copyVm(vm, join(directory(), 'copy'))
    await transaction.commit()
    await writeFile(join(copy, '.vmclone-fix/lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    const touched = await copyVm(copy, join(directory(), 'touched'))
    await writeFile(join(touched, 'vm.vmx'), 'cleanShutdown = "FALSE"\n')
    await expect(recover(touched, { descriptors })).rejects.toMatchObject({ code: 'VM_TOUCHED' })
    expect(await sameDisk(touched, old)).toBe(true)
    expect(await recover(copy, { descriptors })).toMatchObject({ outcome: 'finished' })
    expect(await sameDisk(copy, vm)).toBe(true)
    expect(await readFile(join(copy, 'vm.vmx'), 'utf8')).toBe('old\n')
  })

  test.each([
    '{"version":1,"state":"commit"}',
    '{"version":1,"state":"commit","directory":"/","disks":[{}],"files":[]}',
    'null',
    '{"version":1,"state":"commit","directory":"/","disks":[],"files":[{"path":"a","after":7}]}',
    '{"version":1,"state":"rollback","directory":"/","disks":[],"files":[{"path":"a","before":{"content":"../../b"}}]}',
  ])('refuses the journal %s', async (text) => {
    await mkdir(join(vm, '.vmclone-fix'), { mode: 0o700 })
    await writeFile(join(vm, '.vmclone-fix/journal.json'), text)
    await expect(recover(vm, { descriptors })).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' })
  })

  test('finishes a copy of an interrupted VM without reaching into the original', async () => {
    const copy = join(directory(), 'copy')
    await fixVm(vm, async (step) => {
      if (step === 'commit') await copyVm(vm, copy)
    })
    const original = await readFile(join(vm, 'disk-s001.vmdk'))
    await writeFile(join(copy, '.vmclone-fix/lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    expect(await peek(copy)).toEqual({
      outcome: 'finished',
      message: expect.stringContaining('will be finished'),
    })
    await expect(begin(copy, [], { descriptors })).rejects.toMatchObject({ code: 'RECOVERY_NEEDED' })
    expect(await recover(copy, { descriptors })).toMatchObject({
      outcome: 'finished',
      message: expect.stringContaining('was finished'),
    })
    expect(await sameDisk(copy, vm)).toBe(true)
    expect(await sameDisk(copy, old)).toBe(false)
    expect(original.equals(await readFile(join(vm, 'disk-s001.vmdk')))).toBe(true)
  })

  test('refuses a journal that speaks of a disk elsewhere, once the VM was moved', async () => {
    const copy = join(directory(), 'copy')
    const outside = await testDisk(old)
    const transaction = await begin(vm, [outside], { descriptors })
    await editGuest(transaction.overlays[0] as string)
    await transaction.seal([], join(vm, 'vm.vmx'), {})
    await copyVm(vm, copy)
    await transaction.abort()
    await writeFile(join(copy, '.vmclone-fix/lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    await expect(peek(copy)).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE', exit: 3 })
    await expect(recover(copy, { descriptors })).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' })
  })

  test('refuses a damaged journal and one that names files outside the VM', async () => {
    for (const text of [
      '{',
      '{"version":9}',
      `{"version":1,"state":"commit","directory":"${vm}","disks":[],"files":[{"path":"../x"}]}`,
    ]) {
      await mkdir(join(vm, '.vmclone-fix'), { recursive: true })
      await writeFile(join(vm, '.vmclone-fix/journal.json'), text)
      await expect(recover(vm, { descriptors })).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' })
    }
  })

  test('waits for a program that still has the disk open', async () => {
    const holding: Promise<unknown>[] = []
    await fixVm(vm, async (step) => {
      if (step !== 'commit') return
      holding.push(execa('qemu-io', ['-f', 'vmdk', '-c', 'sleep 1500', join(vm, 'disk.vmdk')]))
      await setTimeout(300)
    })
    await Promise.all(holding)
    expect(await sameDisk(vm, old)).toBe(false)
  })
})
