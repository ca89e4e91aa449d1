import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { originalDescriptor } from '../../src/machine/disk/mend.ts'
import { recover } from '../../src/transaction/recover.ts'
import { LONG } from '../support/long.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { transpile } from '../support/transpile.ts'
import { descriptors } from './program/fix.ts'
import { copyVm, hostFiles, makeVm, Program, sameDisk } from './test-vm.ts'

const STEPS = [
  ['locked', 1, 'old'],
  ['open', 1, 'old'],
  ['overlays', 1, 'old'],
  ['undo', 1, 'old'],
  ['staged', 1, 'old'],
  ['commit', 1, 'new'],
  ['disk', 1, 'new'],
  ['descriptor', 1, 'new'],
  ['file', 1, 'new'],
  ['file', 2, 'new'],
  ['file', 3, 'new'],
  ['done', 1, 'new'],
  ['record', 1, 'new'],
  ['overlays-removed', 1, 'new'],
  ['undo-kept', 1, 'new'],
  ['finished', 1, 'new'],
] as const

/** What is done to a disk itself: the rest does not look at how it is stored. */
const OF_DISK = ['undo', 'disk', 'descriptor', 'overlays-removed']

const OLD_FILES = { 'gone.txt': 'gone\n', 'vm.vmx': 'old\n' }
const NEW_FILES = { 'added.txt': 'added\n', 'vm.vmx': 'new\n' }

describe.each([
  ['monolithicSparse', LONG ? 36 : 12, true],
  ['twoGbMaxExtentSparse', LONG ? 12 : 4, LONG],
  ['monolithicFlat', LONG ? 12 : 4, LONG],
] as const)('a killed run on %s', (subformat, kills, whole) => {
  let scratch = ''
  let program = ''
  let duration = 0
  let trial = 0
  const at = (name: string) => join(scratch, name)
  const newTrial = () => copyVm(at('old'), at(`trial-${trial++}`))

  beforeAll(async () => {
    scratch = await scratchDirectory()
    await transpile(['src', 'test/transaction/program'], at('js'))
    program = at('js/test/transaction/program/program.js')
    await mkdir(at('old'))
    await makeVm(at('old'), subformat)
    await copyVm(at('old'), at('new'))
    const whole = new Program(program, ['run', at('new')])
    await whole.line('ready')
    const start = performance.now()
    await whole.ended
    duration = performance.now() - start
    expect(whole.lines).toContain('ended')
  })

  /** Recovers in a fresh process and says which VM it is; anything between fails. */
  async function recovered(vm: string): Promise<'old' | 'new'> {
    const run = new Program(program, ['recover', vm])
    await run.ended
    expect(run.lines.at(-1)).toBe('ended')
    return outcome(vm)
  }

  async function outcome(vm: string): Promise<'old' | 'new'> {
    const now = (await sameDisk(vm, at('new'))) ? 'new' : 'old'
    expect(await sameDisk(vm, at(now))).toBe(true)
    expect(await hostFiles(vm)).toEqual(now === 'new' ? NEW_FILES : OLD_FILES)
    expect(Buffer.from(await originalDescriptor(join(vm, 'disk.vmdk'))).toString('latin1')).toMatch(
      /^CID=[0-9a-f]{8}$/m,
    )
    expect(await recover(vm, { descriptors })).toBeUndefined()
    const left = await readdir(join(vm, '.vmclone-fix')).catch(() => [])
    expect(left.sort()).toEqual(now === 'new' ? ['record.json', 'undo'] : [])
    return now
  }

  test('makes two different VMs to tell apart', async () => {
    expect(await sameDisk(at('old'), at('new'))).toBe(false)
    expect(await outcome(at('new'))).toBe('new')
  })

  const steps = STEPS.filter(([step]) => whole || OF_DISK.includes(step))
  test.each(steps)('at %s (%i) leaves the %s VM', async (step, count, wanted) => {
    const vm = await newTrial()
    const run = new Program(program, ['run', vm, step, String(count)])
    await run.line('paused')
    await run.kill(false)
    expect(run.lines.at(-1)).toBe('paused')
    expect(await recovered(vm)).toBe(wanted)
  })

  const recoveries = [
    ['disk', 'disk'],
    ['descriptor', 'file'],
    ['done', 'record'],
    ['overlays-removed', 'overlays-removed'],
    ['undo-kept', 'undo-kept'],
  ] as const
  test.each(recoveries.slice(0, whole ? undefined : 1))(
    'whose recovery is killed at %s, and the next at %s, is still finished',
    async (first, second) => {
      expect(await killedThrice('run', 'commit', first, second)).toBe('new')
    },
  )

  const rollbacks = [
    ['rollback', 'rollback', 'disk-back'],
    ['disk-back', 'file-back', 'file-back'],
    ['file-back', 'disk-back', 'rollback'],
  ] as const
  test.each(rollbacks.slice(0, whole ? undefined : 1))(
    'that fails and is killed at %s, then %s, then %s, is still taken back',
    async (...steps) => {
      expect(await killedThrice('spoil', ...steps)).toBe('old')
    },
  )

  async function killedThrice(action: string, ...steps: readonly [string, string, string]) {
    const vm = await newTrial()
    for (const [index, step] of steps.entries()) {
      const run = new Program(program, [index === 0 ? action : 'recover', vm, step])
      await run.line('paused')
      await run.kill(true)
      expect(run.lines.at(-1)).toBe('paused')
    }
    return recovered(vm)
  }

  test('that fails without being killed is taken back at once', async () => {
    const vm = await newTrial()
    const run = new Program(program, ['spoil', vm])
    await run.ended
    expect(run.lines.at(-1)).toMatch(/^error \{"code":"COMMIT_FAILED",.*"exit":4\}$/)
    expect(await outcome(vm)).toBe('old')
  })

  test(`at ${kills} instants is the old or the new one`, async () => {
    for (let i = 0; i < kills; i++) {
      const vm = await newTrial()
      const run = new Program(program, ['run', vm])
      await run.line('ready')
      await sleep((duration * (i + Math.random())) / kills)
      await run.kill(i % 2 === 0)
      expect(['old', 'new']).toContain(await recovered(vm))
    }
  })
})
