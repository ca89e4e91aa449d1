import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Guest, openGuest } from '../../src/guest/guest.ts'
import type { Drive } from '../../src/guest/launch.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import type { StorageId } from '../../src/guest/storage-id.ts'
import { luksOnLvm, lvm, lvmOnLuks } from '../support/layout-list.ts'
import { buildLayouts, PASSPHRASE } from '../support/layouts.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { changeOf } from '../support/storage-change.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
const keys = new KeyRing([{ device: 'all', secret: Buffer.from(PASSPHRASE) }])
let built: Map<string, readonly string[]>

beforeAll(async () => {
  built = await buildLayouts(directory, [lvm, lvmOnLuks, luksOnLvm])
})

/** A clone of a guest: overlays over its disks, which stay as they are. */
async function clone(name: string): Promise<Drive[]> {
  const disks = built.get(name) ?? []
  return Promise.all(
    disks.map(async (disk, index) => {
      const path = join(directory, `${name}${index}.overlay`)
      await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', disk, path])
      return { path, format: 'qcow2', readonly: false }
    }),
  )
}

async function opened(drives: readonly Drive[]): Promise<Guest> {
  const guest = await openGuest({ env, drives, keys })
  onTestFinished(() => guest.close())
  return guest
}

const ofLvm = ({ bearer, format }: StorageId) => bearer === 'volume-group' || format === 'LVM2_member'
const facts = (ids: readonly StorageId[]) => ids.map(({ id: _, ...fact }) => fact)

/** What LVM says with these disks attached to one machine; "=" parts the answers. */
async function beside(source: readonly string[], clone: readonly Drive[], script: string) {
  const drives = [
    // The clone stands on these files.
    ...source.map((path) => `add-drive ${path} format:raw readonly:true`),
    ...clone.map(({ path, format }) => `add-drive ${path} format:${format}`),
  ]
  const { stdout } = await execa('guestfish', [], {
    input: [...drives, 'run', `debug sh "${script}"`, ''].join('\n'),
    env: { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' },
  })
  return stdout.split(/^=\n/m).map((list) => list.trim().split(/\s*\n\s*/))
}

test('a group on two disks gets new ids, and so does each of its physical volumes', async () => {
  const drives = await clone('lvm')
  const guest = await opened(drives)
  const before = await guest.storageIds()
  const carries = ['/', '/var', 'swap']
  const inGroup = { group: 'rl-a', carries }
  expect(facts(before.filter(ofLvm))).toEqual([
    { device: '/dev/sdb', bearer: 'container', format: 'LVM2_member', ...inGroup },
    { device: '/dev/sda3', bearer: 'container', format: 'LVM2_member', ...inGroup },
    { device: '/dev/rl-a', bearer: 'volume-group', format: 'lvm2', ...inGroup },
  ])
  const changes = before.map(changeOf)
  expect(await guest.verify(changes)).toHaveLength(changes.length)
  await guest.write(changes)
  expect(await guest.verify(changes)).toEqual([])
  await guest.close()

  const [volumes, groups, , , logical] = await beside(
    built.get('lvm') ?? [],
    drives,
    [
      'lvm pvs --noheadings -o pv_uuid 2>/dev/null',
      'lvm vgs --noheadings -o vg_name,vg_uuid 2>/dev/null',
      `lvm vgrename ${changes.find(({ bearer }) => bearer === 'volume-group')?.after} clone 2>&1`,
      'lvm vgchange -ay 2>&1',
      'lvm lvs --noheadings -o lv_full_name 2>/dev/null | sort',
    ].join('; echo =; '),
  )
  const ids = (format: string) =>
    changes.filter((change) => change.format === format).flatMap((change) => [change.before, change.after])
  expect(volumes?.toSorted()).toEqual(ids('LVM2_member').toSorted())
  expect(groups?.toSorted()).toEqual(
    ids('lvm2')
      .map((id) => `rl-a ${id}`)
      .toSorted(),
  )
  expect(logical).toEqual(
    ['clone', 'rl-a'].flatMap((name) => ['root', 'swap', 'var'].map((one) => `${name}/${one}`)),
  )
})

test('a group within an encrypted volume gets new ids while that is open', async () => {
  const guest = await opened(await clone('lvm-on-luks'))
  const before = await guest.storageIds()
  expect(facts(before.filter(({ format }) => format === 'crypto_LUKS'))).toEqual([
    { device: '/dev/sda2', bearer: 'container', format: 'crypto_LUKS', carries: ['/', 'swap'] },
  ])
  expect(before.filter(ofLvm).map(({ device }) => device)).toEqual(['/dev/mapper/crypt_sda2', '/dev/deb-vg'])
  const changes = before
    .filter(({ bearer, format }) => bearer !== 'partition' || format === 'gpt')
    .map(changeOf)
  await guest.write(changes)
  expect(await guest.verify(changes)).toEqual([])
  const tree = await guest.read(['/etc/hostname'])
  expect(tree.text('/etc/hostname')).toBe('template\n')
  await guest.close()
})

test('a group with an open encrypted volume in it is told', async () => {
  const guest = await opened(await clone('luks-on-lvm'))
  const ids = await guest.storageIds()
  await guest.close()
  const obstacle = 'an encrypted volume in the group is open'
  expect(ids.filter(ofLvm).map(({ device, obstacle }) => [device, obstacle])).toEqual([
    ['/dev/sda1', obstacle],
    ['/dev/vg-l', obstacle],
  ])
})
