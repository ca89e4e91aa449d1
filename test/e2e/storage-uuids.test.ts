import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bootAlone } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { type BuiltGuest, buildGuest } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { KEY, makeStorageGuest, readMarks, type StorageMarks } from '../support/storage-guest.ts'

const directory = scratchDirectory()
const IDENTITY = ['--ip', '192.168.8.11/24', '--hostname', 'node11']
let given: string[]
let guest: BuiltGuest
let vmx: string
let before: StorageMarks
let after: StorageMarks
let clone: CloneJson

beforeAll(async () => {
  guest = await buildGuest('dhcp')
  const made = await makeStorageGuest(guest, join(directory, 'node11'))
  vmx = made.vmx
  before = made.marks
  const script = join(directory, 'later.gf')
  await writeFile(script, 'write /etc/later "by a script"\n')
  const key = join(directory, 'key')
  await writeFile(key, KEY)
  given = ['--enable', 'storage-uuids,disk-uuid', '--key', `all:file:${key}`, ...IDENTITY]
  clone = (await run([vmx, ...given, '--with', script, '--verify'])).clone
  after = await readMarks(vmx)
})

test('everything on the disk has an id of its own, as the report says', () => {
  for (const key of ['root', 'swap', 'vault', 'signature', 'disk'] as const) {
    expect(after[key]).not.toBe(before[key])
    expect(after[key]).toHaveLength(before[key].length)
    expect(clone.changes.map(({ diff }) => diff).join('')).toContain(`\n-${before[key]}\n+${after[key]}\n`)
  }
})

test('the clone boots by its new UUID, swaps, opens its encrypted volume, and nothing in it names the old ones', async () => {
  const cmdline = (await readFile(join(guest.boot, 'cmdline'), 'utf8')).trim()
  expect(cmdline).toContain(`root=UUID=${before.root}`)
  const machine = { vmx, guest, peer: 'none', cmdline: cmdline.replace(before.root, after.root) }
  expect(JSON.parse(await bootAlone(machine, directory))).toEqual({
    root: after.root,
    swap: after.swap,
    vault: `CRYPT-LUKS2-${after.vault.replaceAll('-', '')}-vault`,
    partuuid: `${after.signature}-01`,
    // A comment is the user's.
    old: '',
    state: 'running',
    failed: '',
  })
})

test('asked for once more, nothing changes', async () => {
  const again = await run([vmx, ...given])
  expect(again.clone.status).toBe('unchanged')
  expect(await readMarks(vmx)).toEqual(after)
})
