import { expect, test } from 'vitest'
import { jsonError } from '../../../src/cli/render/document.ts'
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

test('the faults of a table are told with place, text and hint, the first twenty of them', () => {
  const faults = Array.from({ length: 22 }, (_, index) => ({
    line: 2 + Math.floor(index / 2),
    column: index % 2 === 0 ? 'ip' : 'mac',
    message: `fault ${index + 1}`,
    hint: index === 0 ? 'Look there.' : 'Look here.',
    text: 'a,\u001b[31m',
  }))
  const error = new VmcloneError('TABLE_INVALID', 'n.csv has 22 faults', { faults, hint: 'Correct it.' })
  const lines = renderError(error, { stderr, environment }, false).split('\n')
  expect(lines.slice(0, 8)).toEqual([
    'vmclone-fix: n.csv has 22 faults (TABLE_INVALID)',
    '    a,\\x1b[31m',
    '  line 2, ip: fault 1',
    '      Look there.',
    '  line 2, mac: fault 2',
    '      Look here.',
    '    a,\\x1b[31m',
    '  line 3, ip: fault 3',
  ])
  expect(lines.slice(-4)).toEqual([
    '  line 11, mac: fault 20',
    '  and 2 more; --json tells them all',
    '  Correct it.',
    '',
  ])
  expect(JSON.parse(jsonError(error)).error.faults).toEqual(faults)
})
