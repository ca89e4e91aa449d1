import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { columnsOf } from '../../../src/cli/render/columns.ts'
import { transpile, transpiledCommandLine } from '../../support/transpile.ts'

let program: string

beforeAll(async () => {
  const out = join(dirname(await transpiledCommandLine()), '../..')
  await transpile(['test/cli/program'], out)
  program = join(out, 'test/cli/program/play-batch.js')
}, 120_000)

/** All that a pseudo terminal of this width gets, and what stands there in the end. */
async function onTerminal(columns: number, how: string, pace = 60) {
  const command = `stty cols ${columns} rows 24; '${process.execPath}' '${program}' 12 3 ${pace} ${how}`
  const { stdout, exitCode } = await execa('script', ['-qec', command, '/dev/null'], {
    stdin: 'ignore',
    stripFinalNewline: false,
    env: { TERM: 'xterm' },
  })
  const plain = stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  return { stdout, exitCode, lines: plain.split(/\r?\n/) }
}

describe('a batch on a terminal', () => {
  test.each([20, 40, 80, 200])('of %i columns has no longer line and obeys no name', async (columns) => {
    const { stdout, exitCode, lines } = await onTerminal(columns, 'usual')
    expect(exitCode).toBe(0)
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([])
    expect(stdout).not.toMatch(/\u001b\[2J|\u202e/)
    expect(lines.at(-2)).toBe('the report')
    expect(lines.at(-3)).toMatch(columns < 40 ? /^✖ 10\/12, 2 failed$/ : /^✖ 10 of 12 clones, 2 failed$/)
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'))
  })

  test('shows what is being done, and each failure', async () => {
    const { lines } = await onTerminal(100, 'usual', 400)
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^ {2}› node\d+ +(copying the disks|writing the changes|stamping its own contents)$/,
      ),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^✖ node9 failed: the disk of\\x1b\[31m the template/))
    expect(lines).toContain('✔ Planning')
  })

  test('has plain lines with --verbose, and none with --quiet', async () => {
    expect((await onTerminal(80, 'verbose')).lines).toContain('vmclone-fix: node1: copying the disks')
    expect((await onTerminal(80, 'quiet')).lines).toEqual(['the report', ''])
  })
})

test('without a terminal the lines are calm', async () => {
  const { stderr, stdout } = await execa(process.execPath, [program, '12', '3', '60', 'usual'], {
    stdin: 'ignore',
  })
  expect(stdout).toBe('the report')
  expect(stderr).not.toContain('\u001b')
  expect(stderr.split('\n').length).toBeLessThan(20)
  expect(stderr).toMatch(/^vmclone-fix: 10 of 12 clones, 2 failed, after [\d.]+ s$/m)
})
