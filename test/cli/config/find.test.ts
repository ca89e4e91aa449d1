import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findConfig } from '../../../src/cli/config/find.ts'
import { givenByConfig } from '../../../src/cli/config/given.ts'
import { readGiven } from '../../../src/cli/options/given.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'config-'))
  for (const name of ['work', 'vm', 'home/.config/vmclone-fix'])
    await mkdir(join(root, name), { recursive: true })
})

afterEach(() => rm(root, { recursive: true, force: true }))

const put = (path: string, text: string) => writeFile(join(root, path), text)
const HOME = () => ({ HOME: join(root, 'home') })
const find = (more: { config?: string; cwd?: string } = {}) =>
  findConfig({
    cwd: join(root, 'work'),
    vmx: '../vm/a.vmx',
    environment: HOME(),
    ...more,
  })
const scope = { command: 'fix', sections: ['fix'] }

describe('configuration files', () => {
  test('none is needed', async () => {
    expect(await find()).toEqual([])
  })

  test('the working directory goes before the VM, and that before the user', async () => {
    await put('home/.config/vmclone-fix/vmclone-fix.ini', 'ip = 10.0.0.3\nname = user\ntimeout = 7\n')
    await put('vm/vmclone-fix.ini', 'ip = 10.0.0.2\nname = vm\n')
    await put('work/vmclone-fix.ini', 'ip = 10.0.0.1\n')
    const values = readGiven(givenByConfig(await find(), scope))
    expect([values.ip?.value.address, values.name?.value, values.timeout?.value]).toEqual([
      '10.0.0.1',
      'vm',
      7,
    ])
  })

  test('the section of the command goes before the top of the same file', async () => {
    await put('work/vmclone-fix.ini', 'timeout = 1\n[fix]\ntimeout = 2\n')
    expect(readGiven(givenByConfig(await find(), scope)).timeout?.value).toBe(2)
  })

  test('what lies in a guest’s own directory is not read, wherever one stands', async () => {
    await put('work/vmclone-fix.ini', 'hostname = guests-choice\n')
    await put('home/.config/vmclone-fix/vmclone-fix.ini', 'ip = 10.0.0.3\n')
    const near = (guest: string) => findConfig({ cwd: join(root, 'work'), guest, environment: HOME() })
    expect((await near('.')).map(({ path }) => path)).toEqual([expect.stringContaining('.config')])
    expect((await near('..')).map(({ path }) => path)).toEqual([])
    expect((await near('../vm')).map(({ path }) => path)).toEqual(['vmclone-fix.ini', expect.any(String)])
  })

  test('--config is the only one, and must exist', async () => {
    await put('work/vmclone-fix.ini', 'ip = 10.0.0.1\n')
    await put('work/own.ini', 'timeout = 9\n')
    expect((await find({ config: 'own.ini' })).map(({ path }) => path)).toEqual(['own.ini'])
    await expect(find({ config: 'none.ini' })).rejects.toMatchObject({ code: 'BAD_CONFIG' })
  })
})

describe('a file in the VM’s directory', () => {
  test.each([
    'ssh-keys = keep',
    'hosts-from = /etc/hosts',
    'force = true',
    'disable = machine-id',
    'json = true',
  ])('may not say %s', async (line) => {
    await put('vm/vmclone-fix.ini', `${line}\n`)
    const files = await find()
    expect(() => givenByConfig(files, scope)).toThrow('own directory may not set this')
  })

  test('is not trusted more where it is the working directory', async () => {
    await put('vm/vmclone-fix.ini', 'force = true\n')
    await symlink(join(root, 'vm'), join(root, 'alias'))
    const files = await find({ cwd: join(root, 'alias') })
    expect(files.map(({ byVm }) => byVm)).toEqual([true])
    expect(() => givenByConfig(files, scope)).toThrow('own directory may not set this')
  })

  test('is trusted where --config names it', async () => {
    await put('vm/vmclone-fix.ini', 'force = true\n')
    const files = await find({ config: '../vm/vmclone-fix.ini' })
    expect(readGiven(givenByConfig(files, scope)).force?.value).toBe(true)
  })

  test('is refused as a link, a directory, or beyond 64 KiB', async () => {
    await symlink('/etc/passwd', join(root, 'vm/vmclone-fix.ini'))
    await expect(find()).rejects.toThrow('is a symbolic link')
    await rm(join(root, 'vm/vmclone-fix.ini'))
    await mkdir(join(root, 'vm/vmclone-fix.ini'))
    await expect(find()).rejects.toThrow('is no regular file')
    await rm(join(root, 'vm/vmclone-fix.ini'), { recursive: true })
    await put('vm/vmclone-fix.ini', '#'.repeat(70_000))
    await expect(find()).rejects.toThrow('the limit is')
  })
})
