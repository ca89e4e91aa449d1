import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { openGuest } from '../../src/guest/guest.ts'
import { networkReads } from '../../src/network/detect.ts'
import type { Change } from '../../src/transaction/change.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { readGolden } from '../support/golden.ts'
import { layDown } from '../support/golden-directory.ts'
import { scratchDirectory } from '../support/scratch.ts'

// Flatcar's disk: a root that is completed by one of two read-only systems, each with the hashes of dm-verity behind it.
const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = scratchDirectory()
const MIB = 1024 * 1024

const USR = '5DFBF5F4-2848-4BAC-AA5E-0D9A20B745A6'
const SLOT = { A: { number: 3, start: 12 }, B: { number: 4, start: 24 } } as const
const ROOT_AT = 46

/** The slots' priorities are bits 48 to 51 of their attributes, as the boot loader reads them. */
const table = (priorityA: string, priorityB: string) => `label: gpt
1 : start=1MiB, size=8MiB, type=U, name="EFI-SYSTEM"
2 : start=9MiB, size=2MiB, type=21686148-6449-6E6F-744E-656564454649, name="BIOS-BOOT"
3 : start=12MiB, size=12MiB, type=${USR}, uuid=7130C94A-213A-4E5A-8E26-6CCE9662F132, name="USR-A", attrs="GUID:${priorityA}"
4 : start=24MiB, size=12MiB, type=${USR}, uuid=E03DD35C-7C2D-4A47-B3FE-27F15780A57C, name="USR-B", attrs="GUID:${priorityB}"
6 : start=36MiB, size=4MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="OEM"
7 : start=40MiB, size=4MiB, type=C95DC21A-DF0E-4340-8D7B-26CBFA9A03E0, name="OEM-CONFIG"
9 : start=46MiB, size=32MiB, type=3884DD41-8582-4404-B9A8-E9B84F2DF50E, name="ROOT"
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
  await fileSystem('ext2', usr, 8)
  await fileSystem('ext2', join(directory, 'usr-B'), 8)
  await fileSystem('ext4', root, 32, 'ROOT')
})

async function fileSystem(type: string, tree: string, mib: number, label?: string): Promise<void> {
  const named = label === undefined ? [] : ['-L', label]
  await execa(`/usr/sbin/mkfs.${type}`, ['-q', '-F', '-d', tree, ...named, `${tree}.fs`, `${mib}M`])
}

async function diskWith(name: string, priorityA: string, priorityB: string): Promise<string> {
  const disk = join(directory, `${name}.raw`)
  await execa('truncate', ['-s', '80M', disk])
  await execa('/usr/sbin/sfdisk', ['-q', disk], { input: table(priorityA, priorityB) })
  const put = (file: string, mib: number) =>
    execa('dd', [`if=${join(directory, file)}`, `of=${disk}`, 'bs=1M', `seek=${mib}`, 'conv=notrunc'])
  await put('usr-A.fs', SLOT.A.start)
  await put('usr-B.fs', SLOT.B.start)
  await put('root.fs', ROOT_AT)
  const hashes = ['if=/dev/urandom', `of=${disk}`, 'bs=1M', 'count=2', 'conv=notrunc']
  for (const { start } of Object.values(SLOT)) await execa('dd', [...hashes, `seek=${start + 8}`])
  const overlay = join(directory, `${name}.qcow2`)
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', disk, overlay])
  return overlay
}

/** The bytes of a slot in a raw image, hashes too. */
const slotOf = (disk: string, { start }: { start: number }) =>
  readFileSync(disk).subarray(start * MIB, (start + 12) * MIB)

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
          type: 'ext2',
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
      const changes = [write(NETWORK, golden.after.text(NETWORK) ?? ''), write('/etc/hostname', 'node1\n')]
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
  })
})
