import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { editLines, joinLines, lineEndOf, linesHolding, splitLines } from '../../src/formats/lines.ts'

describe('lines', () => {
  test.prop([fc.uint8Array()])('keeps every byte', (bytes) => {
    expect(fromByteText(joinLines(splitLines(toByteText(bytes))))).toEqual(bytes)
  })

  test.prop([fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', ''))])('cuts at every line end', (parts) => {
    const text = parts.join('')
    const lines = splitLines(text)
    expect(joinLines(lines)).toBe(text)
    for (const line of lines) expect(line.text).not.toContain('\n')
    expect(lines.filter((line) => line.end === '').length).toBeLessThanOrEqual(1)
  })

  it('tells the line end that is used', () => {
    expect(lineEndOf(splitLines('a\r\nb\r\n'))).toBe('\r\n')
    expect(lineEndOf(splitLines('a'))).toBe('\n')
    expect(splitLines('a\r\n')).toEqual([{ text: 'a', end: '\r\n' }])
  })

  it('takes lines out and changes them', () => {
    expect(editLines('a\r\nb\nc', (line) => (line === 'b' ? undefined : line.toUpperCase()))).toBe('A\r\nC')
  })

  test.prop([
    fc.array(fc.constantFrom('a', 'B', 'ab', ' ', '\xe9', '\r\n', '\n')).map((parts) => parts.join('')),
    fc.array(fc.constantFrom('a', 'b', 'ab', 'ba'), { maxLength: 3 }),
  ])('finds the lines that hold a word', (text, words) => {
    const holds = (line: string) => words.some((word) => line.toLowerCase().includes(word))
    const expected = splitLines(text).filter((line) => holds(line.text))
    expect(linesHolding(text, words)).toBe(joinLines(expected))
  })
})
