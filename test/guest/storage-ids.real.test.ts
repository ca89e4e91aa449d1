import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Guest, openGuest } from '../../src/guest/guest.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import { buildDisk } from '../support/guest-disk.ts'
import { LUKS1, LUKS2 } from '../support/layout-list.ts'
import { luksHeader, overlay, PASSPHRASE } from '../support/layouts.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { changeOf } from '../support/storage-change.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
const MIB = 1024 * 1024
/** Type, start and size in MiB, and the program that fills it. */
const PARTS: readonly (readonly [string, number, number, readonly string[]])[] = [
  ['vfat', 1, 40, ['mkfs.vfat', '-F', '32']],
  ['vfat', 41, 8, ['mkfs.vfat', '-F', '16', '-s', '1']],
  ['swap', 49, 16, ['mkswap']],
  ['xfs', 65, 310, ['mkfs.xfs', '-q']],
  ['btrfs', 375, 120, ['mkfs.btrfs', '-q']],
]
const system = join(directory, 'system.raw')
const data = join(directory, 'data.raw')
let guest: Guest

/** A system on an MBR disk, and a GPT disk with one of each. */
beforeAll(async () => {
  const tree = join(directory, 'tree')
  await mkdir(join(tree, 'etc'), { recursive: true })
  await mkdir(join(tree, 'usr'))
  await writeFile(join(tree, 'etc/fstab'), '')
  await writeFile(join(tree, 'etc/hostname'), 'template\n')
  await buildDisk({ tree, path: system, format: 'raw', layout: 'mbr' })
  await execa('truncate', ['-s', '500M', data])
  const table = PARTS.map(([, start, size]) => `start=${start}MiB, size=${size}MiB\n`)
  await execa('/usr/sbin/sfdisk', ['-q', data], { input: `label: gpt\n${table.join('')}` })
  for (const [, start, size, [program = '', ...args]] of PARTS) {
    const part = join(directory, 'part.raw')
    await execa('truncate', ['-s', `${size}M`, part])
    await execa(`/usr/sbin/${program}`, [...args, part])
    await execa('dd', [`if=${part}`, `of=${data}`, `seek=${start}`, 'bs=1M', 'conv=notrunc', 'status=none'])
    await execa('rm', [part])
  }
  const drives = [system, data].map((path) => ({ path, format: 'raw', readonly: false }))
  guest = await openGuest({ env, drives })
  return () => guest.close()
})

/** What blkid of this host says, which reads the image itself: neither libguestfs nor the code under test has a hand in it. */
async function seen(image: string, start?: number, size?: number): Promise<string> {
  const range = start === undefined ? [] : ['-O', String(start * MIB), '-S', String((size ?? 0) * MIB)]
  const tag = start === undefined ? 'PTUUID' : 'UUID'
  const { stdout } = await execa('/usr/sbin/blkid', ['-p', ...range, '-s', tag, '-o', 'value', image])
  return stdout.trim()
}

test('ids of every kind are read, replaced, and proven by what is on the disks', async () => {
  const before = await guest.storageIds()
  expect(before.map(({ device, bearer, format }) => [device, bearer, format].join(' ')).sort()).toEqual([
    '/dev/sda partition-table dos',
    '/dev/sda1 filesystem ext4',
    '/dev/sda1 partition dos',
    '/dev/sdb partition-table gpt',
    ...PARTS.flatMap(([type], at) => [
      `/dev/sdb${at + 1} ${type === 'swap' ? 'swap' : 'filesystem'} ${type}`,
      `/dev/sdb${at + 1} partition gpt`,
    ]).sort(),
  ])
  const changes = before
    .filter(({ bearer, format }) => bearer !== 'partition' || format === 'gpt')
    .map(changeOf)
  expect(await guest.verify(changes)).toHaveLength(changes.length)
  const hostname = {
    at: 'guest',
    kind: 'write',
    path: '/etc/hostname',
    operation: 'test',
    summary: 'test',
    after: Buffer.from('node1\n'),
  } as const
  await guest.write([hostname, ...changes])
  expect(await guest.verify([hostname, ...changes])).toEqual([])
  const wanted = new Map(changes.map(({ path, bearer, after }) => [`${path} ${bearer}`, after]))
  const after = await guest.storageIds()
  const signature = wanted.get('/dev/sda partition-table')
  expect(after.find(({ device, bearer }) => device === '/dev/sda1' && bearer === 'partition')?.id).toBe(
    `${signature}-01`,
  )
  await guest.close()
  expect(await seen(system)).toBe(signature)
  expect(await seen(system, 1, 62)).toBe(wanted.get('/dev/sda1 filesystem'))
  expect(await seen(data)).toBe(wanted.get('/dev/sdb partition-table'))
  for (const [at, [type, start, size]] of PARTS.entries()) {
    const bearer = type === 'swap' ? type : 'filesystem'
    expect(await seen(data, start, size), type).toBe(wanted.get(`/dev/sdb${at + 1} ${bearer}`))
  }
  await execa('/usr/sbin/e2fsck', ['-fn', `${system}?offset=${MIB}`])
  const { stdout } = await execa('/usr/sbin/sfdisk', ['--dump', data])
  for (const at of PARTS.keys())
    expect(stdout.toLowerCase()).toContain(`uuid=${wanted.get(`/dev/sdb${at + 1} partition`)}`)
  await execa('dd', [`if=${data}`, `of=${data}.fat`, 'skip=1', 'count=40', 'bs=1M', 'status=none'])
  await execa('/usr/sbin/fsck.vfat', ['-n', `${data}.fat`])
})

test('are not told where another system goes by them too', async () => {
  const other = join(directory, 'other.raw')
  await buildDisk({ tree: join(directory, 'tree'), path: other, format: 'raw' })
  const drives = [system, other].map((path) => ({ path, format: 'raw', readonly: true }))
  const chosen = await openGuest({ env, drives, root: '/dev/sda1' })
  await expect(chosen.storageIds()).rejects.toMatchObject({ code: 'SEVERAL_OPERATING_SYSTEMS' })
  await chosen.close()
})

describe('LUKS', () => {
  const volumes = [
    ['luks1', LUKS1, 1],
    ['luks2', LUKS2, 21],
  ] as const
  const disk = join(directory, 'luks.raw')
  const drives = [system, disk].map((path) => ({ path, format: 'raw', readonly: false }))

  beforeAll(async () => {
    await guest.close()
    await execa('truncate', ['-s', '42M', disk])
    const table = volumes.map(([, , start]) => `start=${start}MiB, size=20MiB\n`)
    await execa('/usr/sbin/sfdisk', ['-q', disk], { input: `label: gpt\n${table.join('')}` })
    for (const [type, uuid, start] of volumes) {
      const header = join(directory, type)
      await luksHeader(header, { type, uuid, keyFile: Buffer.from(`${type} key`) })
      await overlay(header, disk, start)
    }
  })

  test('headers of volumes get new UUIDs while these are open, and open by the same key', async () => {
    const keys = new KeyRing([{ device: 'all', secret: Buffer.from(PASSPHRASE) }])
    const open = await openGuest({ env, drives, keys })
    const headers = (await open.storageIds()).filter(({ format }) => format === 'crypto_LUKS')
    expect(headers).toEqual(
      volumes.map(([, id], at) => ({
        device: `/dev/sdb${at + 1}`,
        bearer: 'container',
        format: 'crypto_LUKS',
        id,
        carries: [],
      })),
    )
    const changes = headers.map(changeOf)
    await open.write(changes)
    expect(await open.verify(changes)).toEqual([])
    await open.close()
    for (const [at, [type, , start]] of volumes.entries()) {
      expect(await seen(disk, start, 20)).toBe(changes[at]?.after)
      const header = join(directory, `${type}.after`)
      await execa('dd', [`if=${disk}`, `of=${header}`, `skip=${start}`, 'count=20', 'bs=1M', 'status=none'])
      await execa('/usr/sbin/cryptsetup', ['open', '--test-passphrase', '--key-file', '-', header], {
        input: PASSPHRASE,
      })
    }
  })

  test('a locked one is told', async () => {
    const locked = await openGuest({ env, drives })
    const ids = await locked.storageIds()
    await locked.close()
    const obstacles = ids.flatMap(({ obstacle }) => obstacle ?? [])
    expect(obstacles).toEqual(volumes.map(() => expect.stringContaining('it is locked')))
  })
})
