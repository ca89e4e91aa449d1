import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Drive } from '../../src/guest/launch.ts'
import { type Machine, SharedAppliance } from '../../src/guest/shared.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import type { Change } from '../../src/transaction/change.ts'
import { LAYOUTS } from '../support/layout-list.ts'
import { buildLayouts, PASSPHRASE } from '../support/layouts.ts'
import { LONG } from '../support/long.ts'
import { scratchDirectory } from '../support/scratch.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
let built: Map<string, readonly string[]>

// Groups on plain and on encrypted disks meet in test/guest/disk-server.real.test.ts too, so that only scripts/test long takes them here.
const CASES = (
  [
    ['separate', 'ext2, ext3 and ext4 on two disks'],
    ['lvm', 'XFS and ext4 on LVM over two disks'],
    ['ubuntu', 'btrfs subvolumes'],
    ['lvm-on-luks', 'LVM on LUKS'],
    ['luks-on-lvm', 'LUKS on LVM'],
  ] as const
).filter(([name]) => LONG || !['lvm', 'lvm-on-luks'].includes(name))

beforeAll(async () => {
  const wanted = LAYOUTS.filter(({ name }) => CASES.some(([one]) => one === name))
  built = await buildLayouts(directory, wanted)
})

async function copies(name: string): Promise<Drive[][]> {
  return Promise.all(
    [1, 2, 3].map((copy) =>
      Promise.all(
        (built.get(name) ?? []).map(async (disk, index) => {
          const path = join(directory, `${name}-${copy}-${index}.qcow2`)
          await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', disk, path])
          return { path, format: 'qcow2', readonly: false }
        }),
      ),
    ),
  )
}

const write = (path: string, text: string): Change => ({
  at: 'guest',
  kind: 'write',
  path,
  after: Buffer.from(text),
  operation: 'test',
  summary: 'test',
  mode: 0o644,
  owner: { uid: 0, gid: 0 },
})

const keys = () => new KeyRing([{ device: 'all', secret: Buffer.from(PASSPHRASE) }])

function startAll([first = [], ...others]: readonly Machine[]): Promise<SharedAppliance> {
  return SharedAppliance.start({ first, others: Promise.resolve(others), env, keys: keys() })
}

describe('copies of one VM in one appliance', { timeout: 900_000 }, () => {
  test.for(CASES)('on %s: each gets its own content, the untouched one none', async ([name]) => {
    const machines = await copies(name)
    const shared = await startAll(machines)
    try {
      for (const machine of [1, 0]) {
        const guest = await shared.open(machines[machine] ?? [])
        const changes = guest.storage.map(({ mountpoint }) =>
          write(join(mountpoint, 'own'), `copy ${machine}`),
        )
        await guest.write([...changes, write('/etc/hostname', `node${machine}\n`)])
        expect(await guest.verify(changes)).toEqual([])
        await guest.close()
      }
      const again = await shared.open(machines[1] ?? [])
      expect((await again.read(['/etc/hostname'])).text('/etc/hostname')).toBe('node1\n')
    } finally {
      await shared.close()
    }
    await again(machines)
  })
})

/** What the disks hold, seen by another appliance. */
async function again(machines: readonly Drive[][]): Promise<void> {
  const drives = machines.map((machine) => machine.map((drive) => ({ ...drive, readonly: true })))
  const shared = await startAll(drives)
  try {
    for (const [machine, text] of ['node0\n', 'node1\n', 'template\n'].entries()) {
      const guest = await shared.open(drives[machine] ?? [])
      const tree = await guest.read(['/etc/hostname', '/own', '/var/own'])
      await guest.close()
      expect(tree.text('/etc/hostname')).toBe(text)
      const own = text === 'template\n' ? undefined : `copy ${machine}`
      expect(tree.text('/own')).toBe(own)
    }
  } finally {
    await shared.close()
  }
}
