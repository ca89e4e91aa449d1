import { fc, test } from '@fast-check/vitest'
import { applyPatch, structuredPatch } from 'diff'
import { describe, expect } from 'vitest'
import { withLineFeeds } from '../../src/formats/line-feeds.ts'
import { abridged } from '../../src/transaction/abridged.ts'
import { commonEnds } from '../../src/transaction/common-ends.ts'
import * as lineDiff from '../../src/transaction/line-diff.ts'

const hunksOf = (...of: Parameters<typeof lineDiff.hunksOf>) => linesOf(lineDiff.hunksOf(...of))
const hunksAround = (...of: Parameters<typeof lineDiff.hunksAround>) => linesOf(lineDiff.hunksAround(...of))

function linesOf(hunks: string | undefined): string[] | undefined {
  return hunks?.split('\n').slice(0, -1)
}

const NO_LIMIT = Number.POSITIVE_INFINITY

const line = fc.stringMatching(/^[ -~]{0,3}$/)
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''))

/** Long texts of lines that all differ, in which one stretch is put in place of another. */
const edited = fc
  .record({
    count: fc.integer({ min: 2400, max: 3000 }),
    at: fc.integer({ min: 0, max: 3000 }),
    gone: fc.integer({ min: 0, max: 6 }),
    fresh: fc.integer({ min: 0, max: 6 }),
    end: fc.boolean(),
  })
  .map(({ count, at, gone, fresh, end }) => {
    const lines = Array.from(
      { length: count },
      (_, index) => `192.168.${index >> 8}.${index & 255}\tnode${index}`,
    )
    const changed = lines.toSpliced(at, gone, ...Array.from({ length: fresh }, (_, index) => `new ${index}`))
    const join = (parts: readonly string[]) => parts.join('\n') + (end ? '\n' : '')
    return [join(lines), join(changed)] as const
  })
  .filter(([old, now]) => old !== now)

/** What jsdiff alone makes of whole texts. */
function plain(old: string, now: string): string[] {
  const { hunks } = structuredPatch('', '', old, now, '', '', { context: 3 })
  return hunks.flatMap((hunk) => hunk.lines)
}

const lineOfHunk = (entry: string) => !entry.startsWith('@@')

describe('hunksOf', () => {
  test.prop([text, text], { numRuns: 1000 })('of small texts is what jsdiff finds', (old, now) => {
    expect(hunksOf(old, now, NO_LIMIT)?.filter(lineOfHunk)).toEqual(plain(old, now))
  })

  test.prop([edited], { numRuns: 150 })('of long texts with one edit is the same too', ([old, now]) => {
    expect(hunksOf(old, now, NO_LIMIT)?.filter(lineOfHunk)).toEqual(plain(old, now))
  })

  test.prop([edited, edited], { numRuns: 50 })('of long texts can be applied', ([old], [, now]) => {
    const hunks = hunksOf(old, now, NO_LIMIT)
    if (hunks === undefined) return
    expect(applyPatch(old, ['--- a', '+++ b', ...hunks, ''].join('\n'))).toBe(now)
  })

  test('shows a block of any length that was only added', () => {
    const block = Array.from(
      { length: 10_000 },
      (_, index) => `10.0.${index >> 8}.${index & 255}\tnode${index}\n`,
    )
    const [old, now] = ['127.0.0.1\tlocalhost\n::1\tlocalhost\n', block.join('')]
    const hunks = hunksOf(old, old + now, NO_LIMIT)
    expect(hunks).toHaveLength(10_003)
    expect(hunks?.[0]).toBe('@@ -1,2 +1,10002 @@')
  })

  test('finds few edits beside a block of any length', () => {
    const block = Array.from(
      { length: 10_000 },
      (_, index) => `10.0.${index >> 8}.${index & 255}\tnode${index}\n`,
    )
    const old = '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n\n::1\tlocalhost ip6-localhost\n'
    const now = old.replace('debian', 'node1') + block.join('')
    const hunks = hunksOf(old, now, NO_LIMIT) ?? []
    expect(hunks.slice(0, 6)).toEqual([
      '@@ -1,4 +1,10004 @@',
      ' 127.0.0.1\tlocalhost',
      '-127.0.1.1\tdebian',
      '+127.0.1.1\tnode1',
      ' ',
      ' ::1\tlocalhost ip6-localhost',
    ])
    expect(applyPatch(old, ['--- a', '+++ b', ...hunks, ''].join('\n'))).toBe(now)
  })

  test('puts a block in place of few lines that are not in it', () => {
    const block = Array.from({ length: 10_000 }, (_, index) => `10.0.0.0\tnode${index}\n`).join('')
    const hunks = hunksOf(
      '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n',
      `127.0.0.1\tlocalhost\n${block}`,
      NO_LIMIT,
    )
    expect(hunks?.slice(0, 4)).toEqual([
      '@@ -1,2 +1,10001 @@',
      ' 127.0.0.1\tlocalhost',
      '-127.0.1.1\tdebian',
      '+10.0.0.0\tnode0',
    ])
  })

  test.each([4096, 50_000])('leaves lines out of the middle beyond %i bytes, and counts them', (limit) => {
    const old = '127.0.0.1\tlocalhost\n'
    const lines = Array.from({ length: 10_000 }, (_, index) => `+line ${index}`)
    const hunks = hunksOf(old, `${old}${lines.map((one) => one.slice(1)).join('\n')}\n`, limit) ?? []
    const at = hunks.findIndex((entry) => entry.startsWith('\\'))
    const left = Number(/^\\ (\d+) lines left out$/.exec(hunks[at] ?? '')?.[1])
    expect(hunks.join('').length).toBeLessThan(limit * 1.2)
    expect([...hunks.slice(2, at), ...Array(left).fill(''), ...hunks.slice(at + 1)]).toHaveLength(10_000)
    expect(hunks.slice(2, at)).toEqual(lines.slice(0, at - 2))
    expect(hunks.slice(at + 1)).toEqual(lines.slice(left + at - 2))
  })

  test('leaves out what is too long in a small text as well', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('')
    const hunks = hunksOf('', lines, 100) ?? []
    expect(hunks.slice(0, 2)).toEqual(['@@ -0,0 +1,100 @@', '+line 0'])
    expect(hunks).toContainEqual(expect.stringMatching(/^\\ \d+ lines left out$/))
    expect(hunks.at(-1)).toBe('+line 99')
  })

  test('gives up on long texts that differ in too much', () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('')
    expect(hunksOf(many('one'), many('other'), NO_LIMIT)).toBeUndefined()
  })
})

describe('commonEnds', () => {
  test.prop([text, text], { numRuns: 2000 })('cuts whole lines only, and loses nothing', (old, now) => {
    fc.pre(old !== now)
    const ends = commonEnds(old, now)
    for (const [whole, middle] of [
      [old, ends.old],
      [now, ends.now],
    ] as const) {
      expect(whole.slice(ends.start, ends.start + middle.length)).toBe(middle)
      expect(whole.slice(0, ends.start)).toMatch(/^$|\n$/)
    }
    const tail = old.slice(ends.start + ends.old.length)
    expect(now.slice(ends.start + ends.now.length)).toBe(tail)
    if (tail !== '')
      expect([ends.old, ends.now].every((middle) => middle === '' || middle.endsWith('\n'))).toBe(true)
  })
})

const HOSTS = ['127.0.0.1\tlocalhost', '# mine', '', '10.9.0.7\tnode7', '10.9.0.8\tnode8', '::1\tlocalhost']

/** Hunks with the lines of the new text that were left out of one of them. */
function completed(hunks: readonly string[], now: string): string[] {
  let next = 0
  return hunks.flatMap((entry) => {
    const start = /^@@ -\S+ \+(\d+)/.exec(entry)?.[1]
    const left = /^\\ (\d+) lines? left out$/.exec(entry)?.[1]
    if (start !== undefined) next = Number(start) - 1
    else if (!/^[-\\]/.test(entry)) next++
    if (left === undefined) return [entry]
    const out = now.split('\n').slice(next, next + Number(left))
    next += out.length
    return out.map((line) => `+${line}`)
  })
}

describe('hunksAround', () => {
  // A hosts file that comes to have a block anywhere; a line of it may change, and some are lines of the block too.
  test.prop(
    [
      fc.array(fc.constantFrom(...HOSTS), { maxLength: 12 }),
      fc.nat(12),
      fc.nat(14),
      fc.integer({ min: 1000, max: 6000 }),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(2048, 6710),
    ],
    { numRuns: 200 },
  )(
    'of an abridged text can be applied once the lines that were left out are put in',
    (lines, at, edit, count, end, limit) => {
      const old = lines.map((one) => one + end)
      const kept = old.map((one, index) => (index === edit ? `edited${end}` : one))
      const block = Array.from({ length: count }, (_, i) => `10.9.${i >> 8}.${i & 255}\tnode${i}${end}`)
      const now = [...kept.slice(0, at), ...block, ...kept.slice(at)].join('')
      const short = abridged(Buffer.from(now, 'latin1'), limit + 4096)
      const around = short && hunksAround(old.join(''), short, limit)
      if (around === undefined) return
      const patch = ['--- a', '+++ b', ...completed(around, now), ''].join('\n')
      expect(applyPatch(old.join(''), patch, { autoConvertLineEndings: false })).toBe(now)
    },
  )

  test('says something of a block at the end of a file', () => {
    const block = Array.from({ length: 10_000 }, (_, index) => `10.0.0.0\tnode${index}\n`).join('')
    const now = `127.0.0.1\tlocalhost\n${block}# mine\n`
    const short = abridged(Buffer.from(now, 'latin1'), 20_000)
    const hunks = (short && hunksAround('127.0.0.1\tlocalhost\n# mine\n', short, 6710)) ?? []
    expect(hunks[0]).toBe('@@ -1,2 +1,10002 @@')
    expect(hunks).toEqual(hunksOf('127.0.0.1\tlocalhost\n# mine\n', now, 6710))
  })
})

describe('abridged', () => {
  const line = fc.stringMatching(/^[a-z]{0,40}\r?$/)
  test.prop([fc.array(line, { minLength: 300, maxLength: 400 }), fc.nat(400)])(
    'counts the lines that are left out, also where their number is known',
    (lines, ends) => {
      const bytes = Buffer.from(lines.join('\n'))
      const short = abridged(bytes, ends)
      expect(abridged(withLineFeeds(Buffer.from(bytes), lines.length - 1), ends)).toEqual(short)
      fc.pre(short !== undefined)
      expect((short?.text.split('\n').length ?? 0) + (short?.gap.lines ?? 0)).toBe(lines.length)
    },
  )
})
