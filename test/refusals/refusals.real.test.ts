import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, onTestFinished, test } from 'vitest'
import { expectRefusal, Place, type Runner } from '../support/refusal.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { transpiledCommandLine, transpiledSource } from '../support/transpile.ts'
import { HOST, RIGHTS, renamed } from './host.ts'

const scratch = scratchDirectory()
let main: string

beforeAll(async () => {
  main = await transpiledCommandLine()
})

/** A process of its own: qemu’s tools are looked for by its PATH. */
const asProcess: Runner = (...run) => runnerOf(main)(...run)

const runnerOf =
  (program: string): Runner =>
  async (args, environment, cwd, behind = []) => {
    const [file = '', ...rest] = [...behind, process.execPath, program, ...args]
    const { exitCode, stdout, stderr } = await execa(file, rest, {
      cwd,
      env: { PATH: process.env.PATH, ...environment },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    })
    return { exit: exitCode, stdout, stderr }
  }

test.each(HOST)('$code: $when', (refusal) => expectRefusal(refusal, new Place(scratch), asProcess))

test('INTERNAL: a part of the program is gone, as while it is installed anew', async () => {
  const { directory, remove } = await transpiledSource()
  onTestFinished(remove)
  await rm(join(directory, 'workflow/fix-tree.js'))
  await expectRefusal(
    {
      code: 'INTERNAL',
      when: 'a part of the program is gone',
      request: (place) => renamed(place, 'n1'),
      names: [/^internal error: Cannot find module .*fix-tree\.js/],
      hint: '--verbose',
    },
    new Place(scratch),
    runnerOf(join(directory, 'cli/main.js')),
  )
})

describe.runIf(process.getuid?.() === 0)('as a user who is not root', () => {
  test.each(RIGHTS)('$code: $when', (refusal) => expectRefusal(refusal, new Place(scratch), asProcess))
})
