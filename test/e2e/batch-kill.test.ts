import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { type BatchRun, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { start } from '../support/cli.ts'
import { readGuest } from '../support/disk.ts'
import { buildGuest } from '../support/guest.ts'
import { LONG } from '../support/long.ts'
import { differences } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** What a batch says on stderr with --verbose, each time that it is killed a little later; some words come several times. */
const INSTANTS: readonly (readonly [says: string, times: number, milliseconds: number])[] = [
  ['checking the VM', 1, 30],
  ['starting the appliance', 1, 0],
  ['starting the appliance', 1, 1500],
  ['reading the guest', 1, 0],
  ['planning', 1, 0],
  ['planning', 1, 20],
  ['writing the changes', 1, 0],
  ['writing the changes', 1, 400],
  ['writing the changes', 1, 900],
  ['stamping', 1, 0],
  ['stamping', 1, 3],
  ['stamping', 2, 0],
  ['stamping', 4, 5],
  ['stamping', 6, 0],
  ['reading back', 1, 0],
  ['reading back', 1, 1500],
  ['done', 1, 0],
  ['done', 2, 1],
  ['done', 3, 0],
  ['done', 5, 0],
]
const NAMES = ['node1', 'node2', 'node3', 'node4', 'node5', 'node6']
const scratch = scratchDirectory()
const undisturbed = join(scratch, 'undisturbed')
let args: string[]
let whole: BatchRun

beforeAll(async () => {
  const guest = await buildGuest('dhcp')
  const table = await writeTable(join(scratch, 'nodes.csv'), NAMES)
  args = [table, '--template', join(guest.template, 'template.vmx'), '--clone', 'linked', ...NETWORK]
  args.push('--ssh-keys', 'keep', '--seed', 'the same for all')
  whole = await runBatch([...args, '--to', undisturbed])
  expect(whole, whole.stderr).toMatchObject({ exit: 0 })
})

// All twenty take minutes; a usual run takes every fifth (scripts/test long: all).
const instants = LONG ? INSTANTS : INSTANTS.filter((_, index) => index % 5 === 4)

test(`killed at ${instants.length} instants, one after the other, a batch comes to the same end as one that was not`, async () => {
  const to = join(scratch, 'killed')
  let killed = 0
  for (const [says, times, after] of instants) {
    if (await killAt([...args, '--to', to, '--resume'], says, times, after)) killed++
    for (const name of await standing(to)) expect(await readdir(join(to, name))).toContain(`${name}.vmx`)
  }
  expect(killed).toBeGreaterThanOrEqual(instants.length * 0.7)
  const last = await runBatch([...args, '--to', to, '--resume'])
  expect(last, last.stderr).toMatchObject({ exit: 0 })
  expect(await standing(to)).toEqual(NAMES)
  expect(last.clones.map(({ identity }) => identity)).toEqual(whole.clones.map(({ identity }) => identity))
  for (const name of NAMES) {
    for (const file of await readdir(join(undisturbed, name))) {
      if (!/\.(vmx|vmxf|vmsd|nvram)$/.test(file)) continue
      const text = async (home: string) =>
        (await readFile(join(home, name, file), 'latin1')).replaceAll(home, '')
      expect(await text(to), `${name}/${file}`).toBe(await text(undisturbed))
    }
    await execa('qemu-img', ['check', '-q', '-f', 'vmdk', join(to, name, `${name}.vmdk`)])
  }
  const guests = await Promise.all(
    [undisturbed, to].map((home) => readGuest(join(home, 'node4', 'node4.vmdk'), home)),
  )
  const [first, second] = guests.map(({ manifest }) => manifest)
  if (!first || !second) throw new Error('two guests are needed')
  // What guests begin their randomness with is drawn by nobody's seed.
  expect(differences(first, second)).toEqual(['/var/lib/systemd/random-seed'])
})

async function standing(to: string): Promise<string[]> {
  const names = await readdir(to).catch(() => [])
  return names.filter((name) => !name.startsWith('.')).sort()
}

/** Kills a run when it has said something so many times, and a little later; false if it ended before. */
async function killAt(args: readonly string[], says: string, times: number, after: number): Promise<boolean> {
  const child = start(['batch', ...args, '--verbose'])
  let said = ''
  const heard = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.split(says).length > times) resolve()
    })
  })
  await Promise.race([heard, child])
  await delay(after)
  child.kill('SIGKILL')
  const { signal } = await child
  return signal === 'SIGKILL'
}
