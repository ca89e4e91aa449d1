import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refuseUnlessEditable } from '../../../src/machine/vmx/state.ts'
import { vmxFixture, vmxOf } from '../../support/vmx.ts'

let directory: string
let elsewhere: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vmx-state-'))
  elsewhere = await mkdtemp(join(tmpdir(), 'vmx-disks-'))
  await writeFile(join(directory, 'vm.vmx'), '')
  await writeFile(join(directory, 'vm.vmdk'), '')
})

afterEach(async () => {
  await rm(directory, { recursive: true })
  await rm(elsewhere, { recursive: true })
})

const BASE = 'config.version = "8"\n'

test.each(['workstation.vmx', 'windows-host.vmx', 'chinese.vmx', 'esxi.vmx', 'by-hand.vmx'])(
  '%s may be edited',
  async (file) => {
    expect(await refuseUnlessEditable(vmxFixture(file), directory)).toEqual([])
  },
)

test.each([
  ['VM_SUSPENDED', `${BASE}checkpoint.vmState = "vm-1a2b.vmss"\n`],
  ['VM_ENCRYPTED', `${BASE}encryption.data = "AAAA"\n`],
  ['VM_ENCRYPTED', `${BASE}encryptedVM.guid = "{A}"\n`],
  ['VMX_MALFORMED', 'hello = "world"\n'],
])('%s, even with force', async (code, text) => {
  for (const force of [false, true])
    await expect(refuseUnlessEditable(vmxOf(text), directory, { force })).rejects.toMatchObject({ code })
})

test('a configuration of which nothing but the encryption is to be seen', async () => {
  await expect(refuseUnlessEditable(vmxFixture('encrypted.vmx'), directory)).rejects.toMatchObject({
    code: 'VM_ENCRYPTED',
    exit: 3,
  })
})

test.each([
  ['VM_NOT_SHUT_DOWN', `${BASE}cleanShutdown = "FALSE"\n`],
  ['VM_IS_TEMPLATE', `${BASE}templateVM = "true"\n`],
])('%s, unless forced, and then it is said', async (code, text) => {
  await expect(refuseUnlessEditable(vmxOf(text), directory)).rejects.toMatchObject({ code, exit: 3 })
  await expect(refuseUnlessEditable(vmxOf(text), directory)).rejects.toHaveProperty(
    'hint',
    expect.stringContaining('--force'),
  )
  expect(await refuseUnlessEditable(vmxOf(text), directory, { force: true })).toMatchObject([
    { code: 'forced' },
  ])
})

test.each(['vm.vmx.lck', 'vm.vmdk.lck', '564d1234-aaaa-bbbb-cccc-121212121212.vmem.lck', 'VM.VMX.LCK'])(
  'the lock directory %s',
  async (name) => {
    await mkdir(join(directory, name))
    await writeFile(join(directory, name, 'M12345.lck'), 'x')
    await expect(refuseUnlessEditable(vmxOf(BASE), directory)).rejects.toMatchObject({
      code: 'VM_LOCKED',
      exit: 3,
      message: expect.stringContaining(name),
      hint: expect.stringContaining('--force'),
    })
    expect(await refuseUnlessEditable(vmxOf(BASE), directory, { force: true })).toMatchObject([
      { code: 'forced' },
    ])
  },
)

test('an old lock file, and a lock beside a disk that lies elsewhere', async () => {
  const disk = join(elsewhere, 'data.vmdk')
  await writeFile(join(elsewhere, 'other.vmdk.lck'), '')
  expect(await refuseUnlessEditable(vmxOf(BASE), directory, { files: [disk] })).toEqual([])
  await writeFile(`${disk}.lck`, '')
  await expect(refuseUnlessEditable(vmxOf(BASE), directory, { files: [disk] })).rejects.toThrow(
    /data\.vmdk\.lck/,
  )
  await writeFile(join(directory, 'vm.vmdk.WRITELOCK'), '')
  await expect(refuseUnlessEditable(vmxOf(BASE), directory)).rejects.toThrow(/vm\.vmdk\.WRITELOCK/)
})

test('what force cannot override is told first', async () => {
  const vmx = vmxOf(`${BASE}cleanShutdown = "FALSE"\ncheckpoint.vmState = "vm.vmss"\n`)
  await expect(refuseUnlessEditable(vmx, directory)).rejects.toMatchObject({ code: 'VM_SUSPENDED' })
  await expect(refuseUnlessEditable(vmx, directory, { force: true })).rejects.toMatchObject({
    code: 'VM_SUSPENDED',
  })
})
