import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BatchCloneJson, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { bootPair, type Seen } from '../support/boot.ts'
import { type BuiltGuest, buildGuest, copyVm, fingerprintsIn, uuidText, vmxValues } from '../support/guest.ts'
import { hashOf } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const KINDS = [
  ['linked', 6, 11],
  ['full', 3, 31],
  ['reflink', 3, 51],
] as const
const scratch = scratchDirectory()
const made = new Map<string, readonly BatchCloneJson[]>()
let guest: BuiltGuest
let template: string
let before: string[]

beforeAll(async () => {
  guest = await buildGuest('dhcp')
  // A file system that can share blocks, for all: linked clones must be able to move together with their template.
  const image = join(scratch, 'xfs.img')
  const home = join(scratch, 'home')
  await mkdir(home)
  await execa('truncate', ['-s', '6G', image])
  await execa('mkfs.xfs', ['-q', '-m', 'reflink=1', image])
  await execa('mount', ['-o', 'loop', image, home])
  template = await copyVm(guest.template, join(home, 'base'))
  before = await digests(dirname(template))
  for (const [kind, count, first] of KINDS) {
    const names = Array.from({ length: count }, (_, index) => `${kind}${index + 1}`)
    const table = await writeTable(join(scratch, `${kind}.csv`), names, first)
    const run = await runBatch([
      table,
      '--template',
      template,
      '--to',
      join(home, kind),
      '--clone',
      kind,
      ...NETWORK,
    ])
    expect(run, run.stderr).toMatchObject({ exit: 0 })
    made.set(kind, run.clones)
  }
})

afterAll(() => execa('umount', ['-l', join(scratch, 'home')], { reject: false }))

async function digests(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).sort()
  return Promise.all(names.map(async (name) => `${name} ${await hashOf(join(directory, name))}`))
}

const all = () => [...made.values()].flat()
const disksOf = async ({ vmx }: BatchCloneJson) =>
  join(dirname(vmx), (await vmxValues(vmx)).get('scsi0:0.filename') ?? '')

test('every clone is stamped, and of each shape at least one was read back', () => {
  expect(all()).toHaveLength(12)
  for (const { status, how } of all()) expect({ status, how }).toEqual({ status: 'fixed', how: 'stamped' })
  for (const clones of made.values()) expect(clones.some(({ readBack }) => readBack)).toBe(true)
})

test('the template is to the byte what it was', async () => {
  expect(await digests(dirname(template))).toEqual(before)
})

test('no two clones share anything that tells machines apart', async () => {
  const marks: string[] = []
  for (const { vmx, identity } of all()) {
    const values = await vmxValues(vmx)
    marks.push(
      identity.hostname,
      identity.machineId,
      uuidText(values.get('uuid.bios')),
      values.get('ethernet0.address') ?? '',
      identity.nics[0]?.ipv4 ?? '',
      ...identity.sshHostKeys.map(({ fingerprint }) => fingerprint),
      /<VMId[^>]*>([^<]*)/.exec(await readFile(vmx.replace(/\.vmx$/, '.vmxf'), 'utf8'))?.[1] ?? '',
    )
  }
  expect(marks).not.toContain('')
  expect(new Set(marks).size).toBe(marks.length)
  expect(marks).not.toContain(guest.machineId)
})

test('every disk is whole by qemu and by another reader of the format', async () => {
  for (const clone of all()) {
    const disk = await disksOf(clone)
    await execa('qemu-img', ['check', '-q', '-f', 'vmdk', disk])
    const { stdout } = await execa('vmdkinfo', [disk])
    expect(stdout).toContain('2.0 GiB')
  }
})

test('reflinked clones share their blocks', async () => {
  const clones = made.get('reflink') ?? []
  for (const clone of clones) {
    const extent = (await disksOf(clone)).replace(/\.vmdk$/, '-s001.vmdk')
    expect((await execa('filefrag', ['-v', extent])).stdout).toContain('shared')
  }
})

describe.each(KINDS.map(([kind]) => kind))('two %s clones booted side by side', (kind) => {
  let seen: readonly Seen[]
  const pair = () => (made.get(kind) ?? []).slice(0, 2)

  beforeAll(async () => {
    const [first, second] = pair()
    if (!first || !second) throw new Error('two clones are needed')
    const directory = join(scratch, `boot-${kind}`)
    await mkdir(directory)
    seen = await bootPair(
      [
        { vmx: first.vmx, guest, peer: second.name },
        { vmx: second.vmx, guest, peer: first.name },
      ],
      directory,
    )
  })

  test('each is the machine of the report and reaches the other by name', () => {
    expect(seen).toHaveLength(2)
    for (const [index, one] of seen.entries()) {
      const { name, identity } = pair()[index] as BatchCloneJson
      expect(one).toMatchObject({
        hostname: name,
        machineId: identity.machineId,
        productUuid: identity.uuid,
        reached: true,
        failed: '',
      })
      const inet = one.addresses.flatMap(({ ifname, addr_info }) =>
        ifname === 'lo' ? [] : addr_info.filter(({ family }) => family === 'inet'),
      )
      expect(inet.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual([identity.nics[0]?.ipv4])
      expect(one.macs).toContain(identity.nics[0]?.mac)
      const fingerprints = identity.sshHostKeys.map(({ fingerprint }) => fingerprint).sort()
      expect(fingerprintsIn(one.hostKeys)).toEqual(fingerprints)
      for (const other of made.get(kind) ?? []) expect(one.hosts).toContain(other.name)
    }
  })
})

test('linked clones follow a moved pair of directories', async () => {
  const moved = join(scratch, 'home', 'elsewhere')
  await mkdir(moved)
  for (const name of ['base', 'linked']) await rename(join(scratch, 'home', name), join(moved, name))
  const disk = join(moved, 'linked', 'linked6', 'linked6.vmdk')
  await execa('qemu-io', ['-r', '-f', 'vmdk', '-c', 'read -P 0x55 510 1', '-c', 'read 64M 1M', disk])
})
