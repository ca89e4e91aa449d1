import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { STAGES, type Stage } from '../../src/events.ts'
import { type CloneJson, run, start } from '../support/cli.ts'
import { type GuestFiles, readGuest } from '../support/disk.ts'
import { buildGuest, copyVm, uuidText, vmxValues } from '../support/guest.ts'
import { LONG } from '../support/long.ts'
import { differences, type Manifest } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** Milliseconds after a stage was announced. The journal's own states are killed one by one in test/transaction/. */
const INSTANTS: readonly (readonly [Stage, number])[] = [
  ['write', 20],
  ['commit', 0],
  ['commit', 15],
  ...(LONG
    ? ([
        ['verify', 0],
        ['commit', 80],
      ] as const)
    : []),
]

const REQUEST = ['--ip', '192.168.8.12', '--hostname', 'node2']

interface Killed {
  readonly instant: string
  readonly directory: string
  readonly clone: CloneJson
  readonly leftover: string[]
}

const killed: Killed[] = []
let template: Manifest
const guests: GuestFiles[] = []
const scratch = scratchDirectory()

beforeAll(async () => {
  const guest = await buildGuest('static')
  for (const [index, [stage, after]] of INSTANTS.entries()) {
    const directory = join(scratch, `clone${index}`)
    const vmx = await copyVm(guest.template, directory)
    await killAt(stage, after, [vmx, ...REQUEST])
    const leftover = await processesOf(directory)
    const { clone } = await run([vmx, ...REQUEST])
    killed.push({ instant: `${stage} + ${after} ms`, directory, clone, leftover })
  }
  template = (await readGuest(join(guest.template, 'template.vmdk'), scratch)).manifest
  for (const { directory } of killed)
    guests.push(
      await readGuest(join(directory, 'template.vmdk'), scratch, ['/etc/hostname', '/etc/machine-id']),
    )
})

test('nothing keeps running after SIGKILL', () => {
  expect(killed.map(({ instant, leftover }) => ({ instant, leftover }))).toEqual(
    killed.map(({ instant }) => ({ instant, leftover: [] })),
  )
})

test('after the next run each .vmx is that of its report', async () => {
  for (const { directory, clone } of killed) {
    expect(['fixed', 'unchanged']).toContain(clone.status)
    const values = await vmxValues(join(directory, 'template.vmx'))
    expect(uuidText(values.get('uuid.bios'))).toBe(clone.identity.uuid)
    expect(values.get('ethernet0.address')?.toLowerCase()).toBe(clone.identity.nics[0]?.mac)
  }
})

test('after the next run each guest is that of its report, and nothing else in it differs', async () => {
  const [one, ...more] = guests.map(({ manifest }) => differences(template, manifest))
  expect(one).toContain('/etc/network/interfaces')
  for (const paths of more) expect(paths).toEqual(one)
  const texts = guests.map(({ texts }) => Object.fromEntries(texts))
  expect(texts).toEqual(
    killed.map(({ clone }) => ({
      '/etc/hostname': 'node2\n',
      '/etc/machine-id': `${clone.identity.machineId}\n`,
    })),
  )
})

test('no overlay and no temporary file stays behind', async () => {
  for (const { directory } of killed) {
    const names = await readdir(directory, { recursive: true })
    const own = names.filter((name) => !name.startsWith('.vmclone-fix'))
    expect(own.sort()).toEqual(FILES)
    const ours = await readdir(join(directory, '.vmclone-fix'))
    expect(ours).toContain('record.json')
    expect(ours.filter((name) => !['record.json', 'undo'].includes(name))).toEqual([])
  }
})

const FILES = [
  'template-s001.vmdk',
  'template.nvram',
  'template.vmdk',
  'template.vmsd',
  'template.vmx',
  'template.vmxf',
]

/** Runs until the stage is announced on stderr, waits, and kills; a run that was quicker has ended well. */
async function killAt(stage: Stage, after: number, args: readonly string[]): Promise<void> {
  const child = start(args)
  let said = ''
  const announced = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.toLowerCase().includes(STAGES[stage].toLowerCase())) resolve()
    })
  })
  await Promise.race([announced, child])
  await delay(after)
  child.kill('SIGKILL')
  const { exitCode, signal, stdout } = await child
  expect(said.toLowerCase()).toContain(STAGES[stage].toLowerCase())
  expect(signal === 'SIGKILL' || exitCode === 0, stdout).toBe(true)
}

/** Command lines that name this directory, once those that are about to end have had 15 s for it. */
async function processesOf(directory: string): Promise<string[]> {
  for (const end = Date.now() + 15_000; ; await delay(200)) {
    const running: string[] = []
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      if (command.includes(directory)) running.push(command.replaceAll('\0', ' '))
    }
    if (running.length === 0 || Date.now() > end) return running
  }
}
