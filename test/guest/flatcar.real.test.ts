import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Guest, openGuest } from '../../src/guest/guest.ts'
import { networkReads } from '../../src/network/detect.ts'
import type { Change } from '../../src/transaction/change.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { readGolden } from '../support/golden.ts'
import { layDown } from '../support/golden-directory.ts'
import { scratchDirectory } from '../support/scratch.ts'

// Flatcar's disk: a root that is completed by one of two read-only systems, each with the hashes of dm-verity behind it.
// Slot A is a newer release, on btrfs with zstd, whose files for /etc lie under the root's; slot B an older one on ext2.
const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
const MIB = 1024 * 1024

const USR = '5DFBF5F4-2848-4BAC-AA5E-0D9A20B745A6'
const SLOT = {
  A: { number: 3, start: 12, size: 64, type: 'btrfs' },
  B: { number: 4, start: 80, size: 8, type: 'ext2' },
} as const
const ROOT = { start: 102, size: 32 }

/** The slots' priorities are bits 48 to 51 of their attributes, as the boot loader reads them. */
const table = (priorityA: string, priorityB: string) => `label: gpt
1 : start=1MiB, size=8MiB, type=U, name="EFI-SYSTEM"
2 : start=9MiB, size=2MiB, type=21686148-6449-6E6F-744E-656564454649, name="BIOS-BOOT"
3 : start=12MiB, size=68MiB, type=${USR}, uuid=7130C94A-213A-4E5A-8E26-6CCE9662F132, name="USR-A", attrs="GUID:${priorityA}"
4 : start=80MiB, size=12MiB, type=${USR}, uuid=E03DD35C-7C2D-4A47-B3FE-27F15780A57C, name="USR-B", attrs="GUID:${priorityB}"
6 : start=92MiB, size=4MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="OEM"
7 : start=96MiB, size=4MiB, type=C95DC21A-DF0E-4340-8D7B-26CBFA9A03E0, name="OEM-CONFIG"
9 : start=102MiB, size=32MiB, type=3884DD41-8582-4404-B9A8-E9B84F2DF50E, name="ROOT"
`

const golden = readGolden('fixtures/guests/flatcar-networkd-dhcp-to-static')
const NETWORK = '/etc/systemd/network/10-vmclone-nic0.network'

beforeAll(async () => {
  const root = join(directory, 'root')
  mkdirSync(root)
  layDown(golden.before, root)
  const usr = join(directory, 'usr-A')
  renameSync(join(root, 'usr'), usr)
  mkdirSync(join(root, 'usr'))
  mkdirSync(join(usr, 'share'), { recursive: true })
  await execa('cp', ['-a', usr, join(directory, 'usr-B')])
  const release = join(directory, 'usr-B/lib/os-release')
  writeFileSync(release, readFileSync(release, 'utf8').replaceAll('3815.2.5', '3760.2.0'))
  await fileSystem('ext2', join(directory, 'usr-B'), SLOT.B.size)
  const etc = join(usr, 'share/flatcar/etc')
  mkdirSync(join(etc, 'replaced'), { recursive: true })
  for (const name of ['lower.conf', 'deleted-here', 'deleted-before', 'replaced/hidden'])
    writeFileSync(join(etc, name), 'of the release\n')
  mkdirSync(join(root, 'etc/replaced'))
  await fileSystem('ext4', root, ROOT.size, 'ROOT')
  await compressed(usr, `${root}.fs`)
})

/** Makes slot A's file system, and marks in the root's /etc what was deleted and replaced, as overlayfs does. */
async function compressed(tree: string, root: string): Promise<void> {
  await execa('tar', ['-cf', `${tree}.tar`, '-C', tree, '.'])
  await execa('truncate', ['-s', `${SLOT.A.size}M`, `${tree}.fs`])
  await execa('/usr/sbin/mkfs.btrfs', ['-q', '--mixed', '-m', 'single', '-d', 'single', `${tree}.fs`])
  const input = `add-drive ${tree}.fs format:raw
add-drive ${root} format:raw
run
mount-options compress-force=zstd /dev/sda /
tar-in ${tree}.tar /
debug sh "btrfs property set /sysroot ro true"
umount /
mount /dev/sdb /
mknod-c 0 0 0 /etc/deleted-before
setxattr trusted.overlay.opaque y 1 /etc/replaced
`
  await execa('guestfish', [], { input, env })
}

async function fileSystem(type: string, tree: string, mib: number, label?: string): Promise<void> {
  const named = label === undefined ? [] : ['-L', label]
  await execa(`/usr/sbin/mkfs.${type}`, ['-q', '-F', '-d', tree, ...named, `${tree}.fs`, `${mib}M`])
}

async function diskWith(name: string, priorityA: string, priorityB: string): Promise<string> {
  const disk = join(directory, `${name}.raw`)
  await execa('truncate', ['-s', '136M', disk])
  await execa('/usr/sbin/sfdisk', ['-q', disk], { input: table(priorityA, priorityB) })
  const put = (file: string, mib: number) =>
    execa('dd', [`if=${join(directory, file)}`, `of=${disk}`, 'bs=1M', `seek=${mib}`, 'conv=notrunc'])
  await put('usr-A.fs', SLOT.A.start)
  await put('usr-B.fs', SLOT.B.start)
  await put('root.fs', ROOT.start)
  const hashes = ['if=/dev/urandom', `of=${disk}`, 'bs=1M', 'count=2', 'conv=notrunc']
  for (const { start, size } of Object.values(SLOT)) await execa('dd', [...hashes, `seek=${start + size}`])
  const overlay = join(directory, `${name}.qcow2`)
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', disk, overlay])
  return overlay
}

/** The bytes of a slot in a raw image, hashes too. */
const slotOf = (disk: string, { start, size }: { start: number; size: number }) =>
  readFileSync(disk).subarray(start * MIB, (start + size + 4) * MIB)

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

describe('a Flatcar disk', () => {
  test.for([
    ['A', '48,49,56', '48,56', '3815.2.5'],
    ['B', '48,56', '49,56', '3760.2.0'],
  ] as const)('that boots slot %s is found, read, written in /etc alone', async ([slot, a, b, version]) => {
    const overlay = await diskWith(`slot-${slot}`, a, b)
    const guest = await openGuest({ drives: [{ path: overlay, format: 'qcow2', readonly: false }], env })
    try {
      expect(guest.storage).toEqual([
        { mountpoint: '/', device: '/dev/sda9', type: 'ext4', options: '' },
        {
          mountpoint: '/usr',
          device: `/dev/sda${SLOT[slot].number}`,
          type: SLOT[slot].type,
          options: '',
          readonly: true,
        },
      ])
      const tree = await guest.read([...networkReads, '/etc/os-release', '/etc/hostname', '/etc/machine-id'])
      expect(tree.text('/etc/os-release')).toContain(version)
      expect(surveyGuest(tree, false).network).toMatchObject({
        evidence: { dialect: 'systemd-networkd' },
        profiles: [{ name: 'zz-default', now: { ipv4: { method: 'dhcp' } } }],
      })
      const changes = [
        write(NETWORK, golden.after.text(NETWORK) ?? ''),
        write('/etc/hostname', 'node1\n'),
        ...(slot === 'A' ? await layered(guest) : []),
      ]
      await guest.write(changes)
      expect(await guest.verify(changes)).toEqual([])
      await expect(guest.write([write('/usr/lib/written', 'x')])).rejects.toThrow(/Read-only file system/)
    } finally {
      await guest.close()
    }
    const after = `${overlay}.raw`
    await execa('qemu-img', ['convert', '-O', 'raw', overlay, after])
    for (const one of Object.values(SLOT))
      expect(slotOf(after, one).equals(slotOf(overlay.replace('.qcow2', '.raw'), one))).toBe(true)
    if (slot === 'A') await expectUpper(after)
  })
})

/** Reads the two layers of /etc as one, and says what is to be changed in it. */
async function layered(guest: Guest): Promise<Change[]> {
  const tree = await guest.read(['/etc/*', '/etc/replaced/*'])
  expect(tree.text('/etc/lower.conf')).toBe('of the release\n')
  expect(tree.exists('/etc/deleted-here')).toBe(true)
  expect(tree.exists('/etc/deleted-before')).toBe(false)
  expect(tree.exists('/etc/replaced')).toBe(true)
  expect(tree.exists('/etc/replaced/hidden')).toBe(false)
  const told = { operation: 'test', summary: 'test' }
  return [
    write('/etc/lower.conf', 'of this machine\n'),
    { at: 'guest', kind: 'remove', path: '/etc/deleted-here', ...told },
  ]
}

/** What was changed is in the root's own /etc, and a device of no number stands for what was deleted. */
async function expectUpper(disk: string): Promise<void> {
  const root = `${disk}.root`
  writeFileSync(root, readFileSync(disk).subarray(ROOT.start * MIB, (ROOT.start + ROOT.size) * MIB))
  const ask = async (question: string) => (await execa('/usr/sbin/debugfs', ['-R', question, root])).stdout
  expect(await ask('cat /etc/lower.conf')).toBe('of this machine')
  const whiteout = await ask('stat /etc/deleted-here')
  expect(whiteout).toMatch(/Type: character special[\s\S]*Device major\/minor number: 00:00/)
}
