import { link, lstat, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { readChain } from '../../src/machine/disk/chain.ts'
import { originalDescriptor, readContentId } from '../../src/machine/disk/mend.ts'
import { openable } from '../../src/machine/disk/shadow.ts'
import { peek, recover } from '../../src/transaction/recover.ts'
import { begin } from '../../src/transaction/transaction.ts'
import { useDirectory } from '../support/disks.ts'
import { createChild, createVmdk, hasPattern } from '../support/qemu.ts'
import { descriptors, editGuest, fixVm, testChanges, testDisk } from './program/fix.ts'
import { copyVm, hostFiles, makeVm, sameDisk } from './test-vm.ts'

const directory = useDirectory()
let vm = ''
let old = ''

beforeEach(async () => {
  vm = join(directory(), 'vm')
  await mkdir(vm)
  await makeVm(vm, 'twoGbMaxExtentSparse')
  old = await copyVm(vm, join(directory(), 'old'))
})

describe('begin', () => {
  test('refuses a VM that another run holds, and leaves its lock', async () => {
    const first = await begin(vm, [], { descriptors })
    await expect(begin(vm, [], { descriptors })).rejects.toMatchObject({ code: 'VM_BUSY', exit: 3 })
    await expect(recover(vm, { descriptors })).rejects.toMatchObject({ code: 'VM_BUSY' })
    await expect(peek(vm)).rejects.toMatchObject({ code: 'VM_BUSY' })
    await first.abort()
    expect(await readdir(vm)).not.toContain('.vmclone-fix')
  })

  test('takes over the lock of a dead process of this host, also where its number was given anew', async () => {
    for (const lock of [
      { pid: 2 ** 22 + 1, host: hostname() },
      { pid: process.pid, host: hostname(), started: '1' },
    ]) {
      await mkdir(join(vm, '.vmclone-fix'), { recursive: true })
      await writeFile(join(vm, '.vmclone-fix/lock'), JSON.stringify(lock))
      await (await begin(vm, [], { descriptors })).abort()
    }
  })

  test('refuses the lock of another host', async () => {
    await mkdir(join(vm, '.vmclone-fix'))
    await writeFile(join(vm, '.vmclone-fix/lock'), '{"pid":1,"host":"elsewhere.test"}')
    const error = { code: 'VM_BUSY', message: expect.stringContaining('process 1 of host elsewhere.test') }
    await expect(begin(vm, [], { descriptors })).rejects.toMatchObject(error)
  })

  test('refuses a workspace that is a link', async () => {
    await symlink(old, join(vm, '.vmclone-fix'))
    await expect(begin(vm, [], { descriptors })).rejects.toMatchObject({ code: 'WORKSPACE_UNSAFE' })
    await expect(recover(vm, { descriptors })).rejects.toMatchObject({ code: 'WORKSPACE_UNSAFE' })
  })

  test('leaves nothing when it is interrupted or fails', async () => {
    const signal = AbortSignal.abort()
    await expect(begin(vm, [await testDisk(vm)], { descriptors, signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    const disk = { ...(await testDisk(vm)), path: join(vm, 'missing.vmdk') }
    await expect(begin(vm, [disk], { descriptors })).rejects.toMatchObject({
      code: 'QEMU_IMG_FAILED',
      exit: 4,
    })
    expect(await readdir(vm)).toEqual(await readdir(old))
  })
})

describe('a transaction', () => {
  test('keeps its things from others', async () => {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    const modes = [join(vm, '.vmclone-fix'), ...transaction.overlays].map(
      async (path) => (await stat(path)).mode & 0o777,
    )
    expect(await Promise.all(modes)).toEqual([0o700, 0o600])
    await transaction.abort()
  })

  test('leaves what takes it back: disk, files and descriptor', async () => {
    await fixVm(vm)
    const kept = join(vm, '.vmclone-fix/undo')
    const undo = JSON.parse(await readFile(join(kept, 'undo.json'), 'utf8'))
    expect(undo.disks[0].contentIdAfter).toBe(await readContentId(join(vm, 'disk.vmdk')))
    expect(Buffer.from(undo.disks[0].descriptor, 'base64')).toEqual(await readFile(join(old, 'disk.vmdk')))
    expect(await readFile(join(kept, 'before/0'), 'utf8')).toBe('old\n')
    expect((await readdir(kept)).sort()).toEqual(['before', 'undo-0.qcow2', 'undo.json'])
    await execa('qemu-img', ['commit', '-d', '-f', 'qcow2', join(kept, 'undo-0.qcow2')])
    expect(await sameDisk(vm, old)).toBe(true)
  })

  test('that is aborted leaves the VM, and what takes back the one before', async () => {
    await fixVm(vm)
    const before = await readFile(join(vm, '.vmclone-fix/undo/undo.json'), 'utf8')
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    await editGuest(transaction.overlays[0] as string)
    await transaction.seal([], join(vm, 'vm.vmx'), {})
    await transaction.abort()
    expect(await readFile(join(vm, '.vmclone-fix/undo/undo.json'), 'utf8')).toBe(before)
    expect((await readdir(join(vm, '.vmclone-fix'))).sort()).toEqual(['record.json', 'undo'])
    expect(await recover(vm, { descriptors })).toBeUndefined()
  })

  test('does not touch a disk into which nothing was written', async () => {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    await transaction.seal(await testChanges(vm), join(vm, 'vm.vmx'), {})
    await transaction.commit()
    expect(await readFile(join(vm, 'disk.vmdk'))).toEqual(await readFile(join(old, 'disk.vmdk')))
    expect(await hostFiles(vm)).toEqual({ 'added.txt': 'added\n', 'vm.vmx': 'new\n' })
  })

  test.each(['vm.vmx', 'disk.vmdk'])('notices that %s was changed meanwhile', async (name) => {
    const transaction = await begin(vm, [await testDisk(vm)], { descriptors })
    await editGuest(transaction.overlays[0] as string)
    const changes = await testChanges(vm)
    const path = join(vm, name)
    await writeFile(path, (await readFile(path, 'latin1')).replace(/old|^CID=./m, 'CID=0'), 'latin1')
    await expect(transaction.seal(changes, join(vm, 'vm.vmx'), {})).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
    })
    await transaction.abort()
  })

  test('keeps mode, owner and extended attributes, and gives a linked name a file of its own', async () => {
    const vmx = join(vm, 'vm.vmx')
    await execa('setfattr', ['-n', 'user.note', '-v', 'kept', vmx])
    await rename(join(vm, 'gone.txt'), join(directory(), 'target'))
    await symlink('../target', join(vm, 'gone.txt'))
    await link(vmx, join(directory(), 'second-name'))
    const changes = await testChanges(vm)
    const text = { at: 'host', kind: 'write', path: 'gone.txt', operation: 't', summary: 's' } as const
    const transaction = await begin(vm, [], { descriptors })
    await transaction.seal(
      [
        changes[0] as (typeof changes)[0],
        { ...text, before: Buffer.from('gone\n'), after: Buffer.from('own\n') },
      ],
      vmx,
      {},
    )
    await transaction.commit()
    const { stdout } = await execa('getfattr', ['--absolute-names', '--only-values', '-n', 'user.note', vmx])
    expect([stdout, (await stat(vmx)).mode & 0o777]).toEqual(['kept', 0o755])
    expect(await readFile(join(directory(), 'second-name'), 'utf8')).toBe('old\n')
    expect(await readFile(join(directory(), 'target'), 'utf8')).toBe('gone\n')
    expect((await lstat(join(vm, 'gone.txt'))).isFile()).toBe(true)
    expect(await hostFiles(vm)).toEqual({ 'gone.txt': 'own\n', 'vm.vmx': 'new\n' })
  })

  test.each(['-o a,b=c', 'nbd:x, y', 'json:{"a":1}', 'fat:rw:ü "q" %s'])(
    'works in and on names like %s',
    async (name) => {
      const odd = join(directory(), name)
      await mkdir(odd)
      const disk = join(odd, `${name}.vmdk`)
      await createVmdk(disk, 'subformat=monolithicSparse', '8M')
      await writeFile(join(odd, 'a.vmx'), '')
      const base = { ...(await testDisk(old)), path: disk, descriptorPath: disk, files: [disk] }
      const contentId = (await readContentId(disk)) ?? ''
      const transaction = await begin(odd, [{ ...base, contentId }], {
        descriptors: { ...descriptors, mendDescriptor: async () => '' },
      })
      await editGuest(transaction.overlays[0] as string)
      await transaction.seal([], join(odd, 'a.vmx'), {})
      await transaction.commit()
      expect(await hasPattern(join(odd, `${name}.vmdk`), 51, '64k')).toBe(true)
    },
  )

  test('writes a linked clone’s own disk, also by way of a shadow, and never its parent', async () => {
    const parent = join(old, 'disk-s001.vmdk')
    await createChild(join(vm, 'child.vmdk'), '../old/disk.vmdk', 'monolithicSparse')
    const leaf = join(vm, 'child.vmdk')
    const { directPath: _, ...chain } = await readChain(leaf)
    const bytes = await readFile(parent)
    const base = await testDisk(vm)
    const disk = {
      ...base,
      path: async (scratch: string) => (await openable(chain, scratch)).path,
      descriptorPath: leaf,
      descriptor: await originalDescriptor(leaf),
      contentId: (await readContentId(leaf)) ?? '',
      files: [leaf],
    }
    const transaction = await begin(vm, [disk], { descriptors })
    await editGuest(transaction.overlays[0] as string)
    await transaction.seal([], join(vm, 'vm.vmx'), {})
    await transaction.commit()
    expect(await hasPattern(leaf, 51, '64k')).toBe(true)
    expect(await hasPattern(leaf, 17, '512k')).toBe(true)
    expect(await readContentId(leaf)).not.toBe(disk.contentId)
    expect(bytes.equals(await readFile(parent))).toBe(true)
  })
})
