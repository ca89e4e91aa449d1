import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { showBatch } from '../../src/cli/batch-output.ts'
import { EVENTS_HEAD, openEvents } from '../../src/cli/events-file.ts'
import { writeHostsOut } from '../../src/cli/hosts-out.ts'
import type { Value } from '../../src/cli/options/given.ts'
import { checkOutputs, type OutputOption } from '../../src/cli/output-files.ts'
import { PAGE_HEAD } from '../../src/cli/render/html/markup.ts'
import { batchPage } from '../../src/cli/render/html/page.ts'
import { asVmcloneError } from '../../src/errors/index.ts'
import { BATCH } from './render/batches.ts'

let cwd: string

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'outputs-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const NAMES = ['hosts-out', 'report', 'events'] as const
const IN_PLACE = ['report', 'events'] as const

const given = (name: OutputOption, value: string): Value<string> => ({
  value,
  source: { rank: 0, label: `--${name}` },
})

const faultOf = (name: OutputOption, path: string) =>
  checkOutputs({ [name]: given(name, path) }, cwd).then(() => undefined, asVmcloneError)

/** Writes what the option itself writes. */
async function write(name: OutputOption, path: string): Promise<void> {
  const terminal = { cwd, stderr: { write: () => {} } }
  if (name === 'report') writeFileSync(join(cwd, path), [...batchPage(BATCH, new Date())].join(''))
  else if (name === 'events') openEvents(path, terminal).end({ exit: 0 })
  else await writeHostsOut(given(name, path), terminal, { hosts: [] })
}

describe.each(NAMES)('--%s', (name) => {
  test('takes a new file, an empty one, and what an earlier run made', async () => {
    expect(await faultOf(name, 'out')).toBeUndefined()
    writeFileSync(join(cwd, 'empty'), '')
    expect(await faultOf(name, 'empty')).toBeUndefined()
    await write(name, 'out')
    expect(await faultOf(name, 'out')).toBeUndefined()
    symlinkSync('out', join(cwd, 'link'))
    expect(await faultOf(name, 'link')).toBeUndefined()
  })

  test('takes no other file', async () => {
    const others = NAMES.filter((one) => one !== name)
    for (const other of others) await write(other, other)
    writeFileSync(join(cwd, 'n.csv'), 'name,ip\na,10.0.0.5\n')
    writeFileSync(join(cwd, 'page'), '<!DOCTYPE html>\n<html lang="en">\n')
    writeFileSync(join(cwd, 'json'), '{"version":1,"clones":[]}\n')
    for (const path of ['n.csv', 'page', 'json', ...others])
      expect(await faultOf(name, path)).toMatchObject({
        code: 'BAD_OPTION',
        exit: 2,
        message: `--${name}: ${path} exists and was not made by an earlier run`,
        hint: 'Name a new file, or remove this one.',
      })
  })

  test.each(['missing/out', 'file/out'])('takes no %s, where no directory is', async (path) => {
    writeFileSync(join(cwd, 'file'), '')
    chmodSync(join(cwd, 'file'), 0o755)
    expect(await faultOf(name, path)).toMatchObject({
      code: 'BAD_OPTION',
      message: `--${name}: ${path} cannot be written`,
    })
  })

  test('takes no directory', async () => {
    mkdirSync(join(cwd, 'directory'))
    expect(await faultOf(name, 'directory')).toMatchObject({ hint: 'Name a file of its own.' })
  })
})

test.each(IN_PLACE)('--%s goes into a pipe or a device too', async (name) => {
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  expect(await faultOf(name, 'pipe')).toBeUndefined()
  expect(await faultOf(name, '/dev/null')).toBeUndefined()
  expect(await faultOf('hosts-out', 'pipe')).toMatchObject({
    message: '--hosts-out: pipe is no regular file',
  })
})

test.each(IN_PLACE)('--%s goes on at the end of what this process was given open', async (name) => {
  const log = join(cwd, 'log')
  writeFileSync(log, 'before\n')
  const descriptor = openSync(log, 'a')
  try {
    const path = `/dev/fd/${descriptor}`
    expect(await faultOf(name, path)).toBeUndefined()
    const terminal = { cwd, stdout: { write: () => {} }, stderr: { write: () => {} }, environment: {} }
    if (name === 'events') openEvents(path, terminal).end({ exit: 0 })
    else await showBatch(BATCH, { values: {}, terminal, signal: new AbortController().signal }, path)
    const heads = { report: PAGE_HEAD, events: EVENTS_HEAD }
    expect(readFileSync(log, 'utf8').startsWith(`before\n${heads[name]}`)).toBe(true)
    expect(await faultOf('hosts-out', path)).toMatchObject({ code: 'BAD_OPTION' })
  } finally {
    closeSync(descriptor)
  }
})

test.each(IN_PLACE)('--%s takes no descriptor that is not open', async (name) => {
  expect(await faultOf(name, '/dev/fd/999')).toMatchObject({ code: 'BAD_OPTION' })
})
