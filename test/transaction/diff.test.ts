import { fc, test } from '@fast-check/vitest'
import { applyPatch } from 'diff'
import { describe, expect } from 'vitest'
import type { WriteChange } from '../../src/transaction/change.ts'
import { unifiedDiff } from '../../src/transaction/diff.ts'

const common = { at: 'guest', kind: 'write', path: '/etc/f', operation: 'op', summary: 's' } as const

function change(before: string | Uint8Array | undefined, after: string | Uint8Array): WriteChange {
  return {
    ...common,
    after: Buffer.from(after),
    ...(before === undefined ? {} : { before: Buffer.from(before) }),
  }
}

const line = fc.stringMatching(/^[ -~]{0,12}$/)
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([lines, end]) => lines.join('\n') + (end ? '\n' : ''))

describe('unifiedDiff', () => {
  test.prop([text, text], { numRuns: 500 })('of plain text can be applied', (before, after) => {
    expect(applyPatch(before, unifiedDiff(change(before, after)))).toBe(after)
  })

  test.prop(
    [fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' })],
    { numRuns: 1000 },
  )('holds nothing that a terminal would obey', (before, after, path) => {
    expect(unifiedDiff({ ...change(before, after), path })).toMatch(/^[\n\t\x20-\x7e\u00a0-\u{10ffff}]*$/u)
  })

  test.prop([text.map((t) => `${t}\x1b[2J\r\u202e`), text], { numRuns: 200 })(
    'shows escapes of text',
    (before, after) => {
      const diff = unifiedDiff(change(before, after))
      expect(diff).toContain('␛[2J␍\\u{202e}')
      expect(diff).not.toMatch(/[\x1b\r\u202e]/)
    },
  )

  test('of an edit', () => {
    expect(unifiedDiff(change('a\nb\nc\n', 'a\nB\nc\n'))).toBe(
      '--- a/etc/f\n+++ b/etc/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n',
    )
  })

  test('of a new file, with its attributes', () => {
    const diff = unifiedDiff({ ...change(undefined, 'x\n'), mode: 0o644, owner: { uid: 0, gid: 5 } })
    expect(diff).toBe('--- /dev/null\n+++ b/etc/f\nmode 0644, owner 0:5\n@@ -0,0 +1 @@\n+x\n')
  })

  test('of a link, with where it leads', () => {
    const link = { ...common, kind: 'link', target: '/usr/\x1b\u0430' } as const
    expect(unifiedDiff(link)).toBe('--- /dev/null\n+++ b/etc/f\nsymbolic link to /usr/␛\u0430\n')
    expect(unifiedDiff({ ...common, kind: 'remove', target: '../g' })).toBe(
      '--- a/etc/f\n+++ /dev/null\nsymbolic link to ../g\n',
    )
  })

  test('of a removed file', () => {
    const removed = { ...common, kind: 'remove', before: Buffer.from('x') } as const
    expect(unifiedDiff(removed)).toBe(
      '--- a/etc/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n',
    )
  })

  test('of a removed directory', () => {
    const removed = { ...common, kind: 'remove', tree: true } as const
    expect(unifiedDiff(removed)).toBe('--- a/etc/f/\n+++ /dev/null\ndirectory removed with all it holds\n')
  })

  test('tells only the sizes of what is binary', () => {
    expect(unifiedDiff(change('a\0b', 'a\0bcd'))).toBe(
      '--- a/etc/f\n+++ b/etc/f\nbinary, from 3 to 5 bytes\n',
    )
  })

  test('does not show a secret', () => {
    const diff = unifiedDiff({ ...change('topsecret\n', 'newsecret\n'), secret: true })
    expect(diff).toBe('--- a/etc/f\n+++ b/etc/f\ncontent not shown\n')
  })

  test('says nothing of CR LF where all lines have it, and shows it where it changes', () => {
    expect(unifiedDiff(change('a\r\nb\r\n', 'a\r\nc\r\n'))).not.toContain('␍')
    expect(unifiedDiff(change('a\r\n', 'a\n'))).toContain('-a␍\n+a\n')
  })

  test('decodes UTF-8, and shows other bytes as they are', () => {
    expect(unifiedDiff(change('Grüße\n', Buffer.from('Gr\xfc\xdfe €\n', 'latin1')))).toContain(
      '-Grüße\n+Gr\\xfc\\xdfe',
    )
  })

  test('gives up on files that have hardly a line in common', () => {
    const lines = (word: string) => Array.from({ length: 5000 }, (_, i) => `${word} ${i}\n`).join('')
    expect(unifiedDiff(change(lines('a'), lines('b')))).toContain('too different to be shown, ')
  })
})
