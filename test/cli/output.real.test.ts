import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { scratchDirectory } from '../support/scratch.ts'
import { transpiledCommandLine } from '../support/transpile.ts'

const scratch = scratchDirectory()
let main: string
let guest: string

beforeAll(async () => {
  main = await transpiledCommandLine()
  guest = mkdtempSync(join(scratch, 'guest-'))
  mkdirSync(join(guest, 'etc'))
  writeFileSync(join(guest, 'etc/os-release'), 'ID=debian\n')
  writeFileSync(join(guest, 'etc/hostname'), 'template\n')
})

/** /dev/full takes nothing: no space is left on it. */
const telling = (where: string, ...args: string[]) =>
  execa('sh', ['-c', `exec "$@" ${where}`, 'sh', process.execPath, main, ...args], { reject: false })

test('a result that cannot be written is a failure, told in a sentence', async () => {
  const { exitCode, stderr } = await telling('>/dev/full', 'operations')
  expect(stderr).toMatch(
    /^vmclone-fix: standard output cannot be written: ENOSPC.*\s\(OUTPUT_FAILED\)\n {2}Make room/,
  )
  expect(stderr).not.toContain(' at ')
  expect(exitCode).toBe(4)
})

test('work is done, though its progress cannot be written', async () => {
  const { exitCode, stdout } = await telling(
    '2>/dev/full',
    'tree',
    guest,
    '--hostname',
    'n1',
    '--disable',
    'hosts',
  )
  expect(stdout).toContain('n1')
  expect(exitCode).toBe(0)
  expect(readFileSync(join(guest, 'etc/hostname'), 'utf8')).toBe('n1\n')
})

test('a reader that has gone is no failure', async () => {
  const { exitCode, stderr } = await execa(
    'bash',
    ['-c', 'set -o pipefail; "$0" "$1" operations --json | true', process.execPath, main],
    { reject: false },
  )
  expect([exitCode, stderr]).toEqual([0, ''])
})
