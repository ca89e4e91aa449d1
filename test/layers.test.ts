import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { layerFaults } from './support/layers.ts'

function files(directory: string): { path: string; text: string }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(directory, path), 'utf8') }))
}

const sources = files('src')

test('imports go downwards only, and only cli/ knows the terminal', () => {
  expect(sources.length).toBeGreaterThan(10)
  expect(sources.flatMap(({ path, text }) => layerFaults(path, text))).toEqual([])
})

test('files stay small', () => {
  const lines = (text: string) => text.split('\n').length - 1
  const long = [...sources, ...files('test')].filter(({ text }) => lines(text) > 250)
  expect(long.map(({ path }) => path)).toEqual([])
  const lengths = sources.map(({ text }) => lines(text)).sort((a, b) => a - b)
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(70)
})

describe('the check sees', () => {
  test.each([
    ['an import upwards', 'formats/a.ts', "import { b } from '../guest/tree.ts'"],
    ['an import upwards over several lines', 'guest/a.ts', "import {\n  b,\n} from '../machine/survey.ts'"],
    ['a type import upwards', 'errors/a.ts', "import type { B } from '../formats/bytes.ts'"],
    ['an export upwards', 'network/a.ts', "export * from '../cli/main.ts'"],
    ['a dynamic import upwards', 'workflow/a.ts', "await import('../cli/main.ts')"],
    ['a type query upwards', 'workflow/a.ts', "type A = import('../cli/main.ts').A"],
    ['the library importing the terminal', 'index.ts', "export { main } from './cli/main.ts'"],
    ['an operation that drives guestfish', 'operations/a.ts', "import { open } from '../guest/session.ts'"],
    ['a dialect that drives guestfish', 'network/dialects/a.ts', "import '../../guest/session.ts'"],
    ['a file outside the layers', 'helpers/a.ts', ''],
    ['the environment', 'guest/a.ts', 'const home = process.env.HOME'],
    ['printing', 'workflow/a.ts', "console.log('done')"],
    ['exiting', 'workflow/a.ts', 'process.exitCode = 1'],
  ])('%s', (_what, path, text) => {
    expect(layerFaults(path, text)).toHaveLength(1)
  })

  test.each([
    ['imports downwards', 'cli/main.ts', "import { fix } from '../workflow/fix.ts'"],
    ['foundations anywhere', 'formats/a.ts', "import { VmcloneError } from '../errors/index.ts'"],
    ['the tree in an operation', 'operations/a.ts', "import { GuestTree } from '../guest/tree.ts'"],
    ['packages', 'formats/a.ts', "import { diff } from 'diff'"],
    ['a private field of that name', 'guest/a.ts', 'this.#process.stdin.end()'],
    ['comments', 'guest/a.ts', '/** Not from process.env. */\n// console.log\nconst a = process.pid'],
  ])('nothing wrong with %s', (_what, path, text) => {
    expect(layerFaults(path, text)).toEqual([])
  })
})
