import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BatchParts, batchCommand } from '../../src/cli/commands/batch.ts'
import { fix } from '../../src/cli/commands/fix.ts'
import { readGiven } from '../../src/cli/options/given.ts'
import { parseArguments } from '../../src/cli/program.ts'
import { readRequest } from '../../src/cli/request-files.ts'
import { asVmcloneError, VmcloneError } from '../../src/errors/index.ts'
import type { BatchOptions, BatchReport } from '../../src/workflow/batch/types.ts'

let cwd: string
let told: string
let asked: { how: string; options: BatchOptions } | undefined

const HOSTS = [{ address: '10.0.0.5', names: ['a.lab', 'a'] }]

/** The engine keeps what it is asked for: what it does with it is not this command's matter. */
const parts: BatchParts = {
  async engine() {
    const keep =
      (how: string) =>
      async (options: BatchOptions): Promise<BatchReport> => {
        asked = { how, options }
        if (options.seed === 'collide')
          throw new VmcloneError('TABLE_INVALID', 'x', { faults: [{ line: 2, message: 'a collides' }] })
        return { clones: [], hosts: HOSTS, notices: [], seconds: 0, timings: [] }
      }
    return { batch: keep('batch'), planBatch: keep('plan') }
  },
  output: async () => ({
    digesting: async () => ({ module: 'data:text/javascript,export const digester = () => () => 0' }),
    showBatch: async () => 0,
  }),
  progress: async () => ({
    startBatchProgress: async () => ({
      onEvent: () => {},
      ask: (_, answer) => answer(),
      end: async () => {},
    }),
  }),
  events: async () => ({
    openEvents: (file) => ({
      onEvent: () => {},
      end: ({ exit, error }) => {
        told += `${file}: ${exit} ${error?.code ?? ''}\n`
      },
    }),
  }),
}

const program = {
  commands: [fix, batchCommand(parts)],
  main: fix,
  version: '0',
  width: 100,
  exists: () => false,
}

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-batch-'))
  told = ''
  asked = undefined
})

afterEach(() => rm(cwd, { recursive: true, force: true }))

async function run(table: string | undefined, ...args: readonly string[]): Promise<number> {
  if (table !== undefined) await writeFile(join(cwd, 'n.csv'), table)
  const parsed = parseArguments(['batch', 'n.csv', ...args], program)
  if ('text' in parsed) throw new Error(parsed.text)
  const stderr = { write: (text: string) => (told += text) }
  const terminal = { stdout: stderr, stderr, environment: {}, cwd }
  const values = readGiven(parsed.given)
  return parsed.command.run({
    operands: parsed.operands,
    values,
    terminal,
    signal: new AbortController().signal,
  })
}

const failure = (...args: Parameters<typeof run>): Promise<VmcloneError> =>
  run(...args).then(
    () => {
      throw new Error('went well')
    },
    (thrown) => asVmcloneError(thrown),
  )

const TABLE = 'name,ip\na,10.0.0.5/8\nb,10.0.0.6/8\n'

describe('batch', () => {
  test('asks for what the options and the table say', async () => {
    const args =
      '--template base/base.vmx --to vms --clone linked -j 3 --seed s --resume --no-stamp --verify --hosts own --gateway 10.0.0.1 --enable machine-id'
    expect(await run(TABLE, ...args.split(' '))).toBe(0)
    expect(asked).toMatchObject({
      how: 'batch',
      options: {
        template: 'base/base.vmx',
        to: 'vms',
        clone: 'linked',
        jobs: 3,
        seed: 's',
        resume: true,
        stamp: false,
        verify: true,
        hosts: 'own',
        rows: [
          {
            name: 'a',
            line: 2,
            request: { enable: ['machine-id'], nics: [{ ip: '10.0.0.5', gateway: '10.0.0.1' }] },
          },
          { name: 'b', line: 3, request: { hosts: [] } },
        ],
      },
    })
  })

  test('names all clones in all, and entries beside them', async () => {
    await run(TABLE, '--template', 'x.vmx', '--hosts', '10.0.0.9 web', '--dry-run')
    expect(asked).toMatchObject({
      how: 'plan',
      options: {
        hosts: 'all',
        rows: [{ request: { hosts: [{ address: '10.0.0.9', names: ['web'] }] } }, {}],
      },
    })
    expect(asked?.options).not.toHaveProperty('stamp')
    expect(await failure(TABLE, '--hosts', 'all', '--hosts', 'own')).toMatchObject({ code: 'BAD_OPTION' })
  })

  test('tells a table’s faults with its lines, and how its rows collide', async () => {
    const error = await failure('name,ip\na,10.0.0.5\nA,10.0.0.5x\n', '--template', join(cwd, 'base.vmx'))
    expect(error).toMatchObject({ code: 'TABLE_INVALID', message: 'n.csv has a fault' })
    await writeFile(join(cwd, 'base.vmx'), 'displayName = "x"\n')
    const { faults } = await failure(
      'name,ip\na,10.0.0.5\nA,10.0.0.5x\n',
      '--template',
      join(cwd, 'base.vmx'),
    )
    expect(faults).toMatchObject([
      { line: 2, column: 'ip', message: 'the VM has no network card at all', text: 'a,10.0.0.5' },
      { line: 3, column: 'ip', message: '"10.0.0.5x" is no IPv4 address', text: 'A,10.0.0.5x' },
      { line: 3, column: 'name', message: 'name A is that of line 2', text: 'A,10.0.0.5x' },
    ])
    expect(asked).toBeUndefined()
  })

  test('tells what is wrong with a name once', async () => {
    await writeFile(join(cwd, 'base.vmx'), 'displayName = "x"\n')
    const { faults } = await failure('name\n.a\n', '--template', join(cwd, 'base.vmx'))
    expect(faults?.map(({ message }) => message)).toEqual(['".a" begins with "."'])
  })

  test('tells the engine’s faults with the table’s name and lines, and ends the events', async () => {
    const error = await failure(TABLE, '--seed', 'collide', '--events', 'e')
    expect(error.message).toBe('n.csv has a fault')
    expect(error.faults).toEqual([{ line: 2, message: 'a collides', text: 'a,10.0.0.5/8' }])
    expect(told).toBe('e: 2 TABLE_INVALID\n')
  })

  test('needs its table', async () => {
    expect(await failure(undefined)).toMatchObject({
      code: 'TABLE_NOT_FOUND',
      message: 'n.csv does not exist',
    })
  })

  test('--hosts-out is written whole, again too, but over no other file and not in a dry run', async () => {
    const file = join(cwd, 'hosts.txt')
    await run(TABLE, '--hosts-out', 'hosts.txt', '-n')
    expect(await readdir(cwd)).toEqual(['n.csv'])
    await run(TABLE, '--hosts-out', 'hosts.txt')
    await run(TABLE, '--hosts-out', 'hosts.txt')
    expect(await readFile(file, 'utf8')).toMatch(
      /^# Made by vmclone-fix batch[^\n]*\n10\.0\.0\.5\ta\.lab a\n$/,
    )
    asked = undefined
    await writeFile(file, '127.0.0.1 localhost\n')
    expect(await failure(TABLE, '--hosts-out', 'hosts.txt')).toMatchObject({
      message: '--hosts-out: hosts.txt exists and was not made by an earlier run',
    })
    expect(await failure(TABLE, '--hosts-out', 'no/hosts')).toMatchObject({ code: 'BAD_OPTION' })
    expect(await failure(TABLE, '--hosts-out', '.')).toMatchObject({ code: 'BAD_OPTION' })
    expect(asked).toBeUndefined()
  })

  test.each(['report', 'events', 'hosts-out'])(
    '--%s leaves the table alone, and nothing begins',
    async (name) => {
      const args = [`--${name}`, 'n.csv', '--events', name === 'events' ? 'n.csv' : 'e']
      expect(await failure(TABLE, ...args)).toMatchObject({
        code: 'BAD_OPTION',
        message: `--${name}: n.csv exists and was not made by an earlier run`,
      })
      expect(await readFile(join(cwd, 'n.csv'), 'utf8')).toBe(TABLE)
      expect(asked).toBeUndefined()
      expect(told).toBe('')
    },
  )

  test('alone names clones in hosts files by all and own', async () => {
    const values = readGiven([{ name: 'hosts', text: 'all', source: { rank: 0, label: '--hosts' } }])
    await expect(readRequest(values, cwd)).rejects.toThrow('--hosts: "all" is for a batch')
  })

  test('has the options of fix but --name, which each row says for itself', () => {
    const { options } = batchCommand(parts)
    expect(fix.options.filter((name) => !options.includes(name))).toEqual(['name'])
    expect(fix.options).not.toContain('template')
  })
})
