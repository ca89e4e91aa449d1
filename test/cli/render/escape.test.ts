import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { visible, visibleLine } from '../../../src/cli/render/escape.ts'

test.prop([fc.string({ unit: 'binary' })])('nothing that a terminal obeys is left', (text) => {
  expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  expect(visible(text)).not.toMatch(/\p{Surrogate}/u)
})

test.prop([fc.stringMatching(/^[ -~äöü中文字한국é→…]*$/)])('plain text in any script stays', (text) => {
  expect(visible(text)).toBe(text)
})

test.each([
  ['\u001b[2J', '\\x1b[2J'],
  ['a\u202egpj', 'a\\u202egpj'],
  ['a\nb\tc', 'a\\x0ab\\x09c'],
  ['\u009b31m', '\\x9b31m'],
  ['\u{e0041}', '\\u{e0041}'],
  ['\ud800', '\\ud800'],
])('%j is written out', (text, written) => {
  expect(visible(text)).toBe(written)
})

test('a line of a file keeps its tabs', () => {
  expect(visibleLine('a\tb\r')).toBe('a\tb\\x0d')
})
