import { execa } from 'execa'
import { beforeAll, describe, test } from 'vitest'
import { expectRefusal, Place, type Runner } from '../support/refusal.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { transpiledCommandLine } from '../support/transpile.ts'
import { HOST, RIGHTS } from './host.ts'

const scratch = scratchDirectory()
let main: string

beforeAll(async () => {
  main = await transpiledCommandLine()
})

/** A process of its own: qemu’s tools are looked for by its PATH. */
const asProcess: Runner = async (args, environment, cwd, behind = []) => {
  const [file = '', ...rest] = [...behind, process.execPath, main, ...args]
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

describe.runIf(process.getuid?.() === 0)('as a user who is not root', () => {
  test.each(RIGHTS)('$code: $when', (refusal) => expectRefusal(refusal, new Place(scratch), asProcess))
})
