import { expect, test } from 'vitest'
import { renderError } from '../../../src/cli/render/error.ts'
import { VmcloneError } from '../../../src/errors/index.ts'

const stderr = { write: () => true, isTTY: true, columns: 60 }
const environment = { NO_COLOR: '1' }

test('a fault in a file is shown with its place and a caret, whatever the line holds', () => {
  const error = new VmcloneError('BAD_CONFIG', 'line 3 of a.ini is wrong', {
    hint: 'Correct the line, or name another file with --config, which is then the only one.',
    position: { file: 'a.ini', line: 3, column: 7, text: '\tip = \u001b[31m1' },
  })
  expect(`\n${renderError(error, { stderr, environment }, false)}`).toBe(`
vmclone-fix: line 3 of a.ini is wrong (BAD_CONFIG)
  at a.ini, line 3, column 7:
    \tip = \\x1b[31m1
    \t     ^
  Correct the line, or name another file with --config,
  which is then the only one.
`)
})

test('causes are told only when asked for', () => {
  const error = new VmcloneError('INTERNAL', 'internal error: x', { cause: new Error('the\u0007 cause') })
  expect(renderError(error, { stderr, environment }, false)).not.toContain('cause')
  expect(renderError(error, { stderr, environment }, true)).toContain('  | Error: the\\x07 cause')
})

test('colours come with a terminal only, unless asked for', () => {
  const error = new VmcloneError('BAD_OPTION', 'x')
  const pipe = { write: () => true }
  expect(renderError(error, { stderr: pipe, environment: {} }, false)).not.toContain('\u001b')
  expect(renderError(error, { stderr: pipe, environment: { FORCE_COLOR: '1' } }, false)).toContain(
    '\u001b[31m',
  )
  expect(renderError(error, { stderr, environment: {} }, false)).toContain('\u001b[31m')
  expect(renderError(error, { stderr, environment: { TERM: 'dumb' } }, false)).not.toContain('\u001b')
})
