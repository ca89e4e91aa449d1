import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { DiskServer } from '../../src/guest/disk-server.ts'
import type { Drive } from '../../src/guest/launch.ts'
import { type Machine, SharedAppliance } from '../../src/guest/shared.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import type { Change } from '../../src/transaction/change.ts'
import { LAYOUTS } from '../support/layout-list.ts'
import { buildLayouts, PASSPHRASE } from '../support/layouts.ts'
import { outliving } from '../support/processes.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { transpiledSource } from '../support/transpile.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
const CASES = ['lvm', 'lvm-on-luks'] as const
let built: Map<string, readonly string[]>

beforeAll(async () => {
  built = await buildLayouts(
    directory,
    LAYOUTS.filter(({ name }) => CASES.some((one) => one === name)),
  )
})

/** The disks of a guest, twice, and the second time under another name on its own file systems where those are not encrypted. */
async function twoGuests(name: string): Promise<Machine[]> {
  const disks = built.get(name) ?? []
  const guests: Drive[][] = []
  for (const host of ['template', 'node0001']) {
    guests.push([])
    for (const [index, disk] of disks.entries()) {
      const path = join(directory, `${name} ,${host}${index}.vmdk`)
      if (host === 'node0001')
        await execa('sed', ['-i', 's/\\x00template$/\\x00node0001/', disk], { env: { LC_ALL: 'C' } })
      await execa('qemu-img', ['convert', '-O', 'vmdk', disk, path])
      guests.at(-1)?.push({ path, format: 'vmdk', readonly: true })
    }
  }
  return guests
}

const sizesOf = (name: string) =>
  LAYOUTS.find((layout) => layout.name === name)?.sizes.map((mebibytes) => mebibytes * 2 ** 20) ?? []

const hostname: Change = {
  at: 'guest',
  kind: 'write',
  path: '/etc/hostname',
  after: Buffer.from('node0001\n'),
  operation: 'test',
  summary: 'test',
  mode: 0o644,
  owner: { uid: 0, gid: 0 },
}

describe('drives that get their disks while the appliance runs', () => {
  test.for(CASES)('%s: one guest after the other, and none of the former is left', async (name) => {
    const [first = [], second = []] = await twoGuests(name)
    const keys = new KeyRing([{ device: 'all', secret: Buffer.from(PASSPHRASE) }])
    const shared = await SharedAppliance.start({ first, sizes: sizesOf(name), env, keys })
    expect(shared.serves).toBe(true)
    try {
      const names: string[] = []
      for (const machine of [first, second, first]) {
        const guest = await shared.open(machine)
        names.push((await guest.read(['/etc/hostname'])).text('/etc/hostname') ?? '')
        expect(await guest.verify([hostname])).toHaveLength(names.at(-1) === 'node0001\n' ? 0 : 1)
        await guest.close()
      }
      const other = name === 'lvm-on-luks' ? 'template\n' : 'node0001\n'
      expect(names).toEqual(['template\n', other, 'template\n'])
      await shared.release()
      // Held open, it could not be opened for writing.
      const writable = first.map((drive) => ({ ...drive, readonly: false }))
      await execa('qemu-io', ['-f', 'vmdk', '-c', 'read 0 512', writable[0]?.path ?? ''])
      const guest = await shared.open(writable)
      await guest.write([hostname])
      await guest.close()
      const again = await shared.open(second)
      await again.close()
      expect(await (await shared.open(writable)).verify([hostname])).toEqual([])
    } finally {
      await shared.close()
    }
    for (const { path } of first) await execa('qemu-img', ['check', '-f', 'vmdk', path])
  })
})

test('a host without qemu-storage-daemon is told as such, and nothing is left', async () => {
  const bin = join(directory, 'bin')
  await mkdir(bin)
  for (const tool of ['sh', 'cat']) await symlink(`/bin/${tool}`, join(bin, tool))
  await expect(DiskServer.start([2 ** 20], { ...env, PATH: bin })).rejects.toMatchObject({
    code: 'GUESTFISH_ENDED',
    message: expect.stringContaining('qemu-storage-daemon'),
  })
})

test('a disk that cannot be opened is told, and the drive stays as it was', async () => {
  const server = await DiskServer.start([2 ** 20], env)
  const path = join(directory, 'none.vmdk')
  await expect(server.insert([{ path, format: 'vmdk', readonly: true }])).rejects.toMatchObject({
    code: 'QEMU_IMG_FAILED',
  })
  await server.empty()
  await server.close()
})

test('the daemon does not outlive this program, however that dies', async () => {
  const source = await transpiledSource()
  const script = `
    const { DiskServer } = await import(${JSON.stringify(join(source.directory, 'guest/disk-server.js'))})
    const server = await DiskServer.start([1048576], process.env)
    console.log(server.directory)
    setInterval(() => undefined, 1000)`
  expect(await outliving(script, env)).toEqual([])
  await source.remove()
})
