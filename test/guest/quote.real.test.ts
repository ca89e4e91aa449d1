import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, expect } from 'vitest'
import { decodeName, encodeName } from '../../src/guest/names.ts'
import { quote } from '../../src/guest/quote.ts'
import { Session } from '../../src/guest/session.ts'

let session: Session

beforeAll(async () => {
  session = await Session.start({ env: process.env })
})
afterAll(() => session.close())

const awkward = fc.constantFrom(
  '"',
  '\\',
  '%',
  '~',
  '|',
  '<',
  '-',
  '#',
  '\n',
  '\r',
  '\t',
  "'",
  '!',
  'é',
  '中',
  ' ',
  '\\x41',
)
const argument = fc.oneof(
  fc.uint8Array({ max: 255, min: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.array(awkward, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
)

test.prop([fc.array(fc.tuple(argument, argument), { minLength: 1, maxLength: 20 })])(
  'guestfish gets every argument as it was given, byte by byte',
  async (pairs) => {
    const outputs = await session.runAll(pairs.map(([a, b]) => ['echo', a, b]))
    expect(outputs).toEqual(pairs.map(([a, b]) => Buffer.concat([a, Buffer.from(' '), b, Buffer.from('\n')])))
  },
)

test.prop([fc.uint8Array({ maxLength: 40 })])('a name keeps its bytes', (bytes) => {
  expect(new Uint8Array(encodeName(decodeName(bytes)))).toEqual(bytes)
})

test('a text that begins with ~ stays as it is, and a NUL is refused', async () => {
  expect(await session.run('echo', '~', '~root')).toBe('~ ~root\n')
  expect(() => quote('a\0b')).toThrow(/NUL/)
})

test('the longest line is read whole, a longer one is refused', async () => {
  const longest = 'x'.repeat(8191 - '-echo ""'.length)
  expect(await session.run('echo', longest)).toBe(`${longest}\n`)
  await expect(session.run('echo', `${longest}x`)).rejects.toThrow(/longer than 8191/)
})
