import { randomBytes } from 'node:crypto'
import { mkdtempSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moldContent, type VaryingFile } from '../../../src/machine/stamp/content.ts'
import { locate } from '../../../src/machine/stamp/locate.ts'
import { stamp } from '../../../src/machine/stamp/stamp.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { flatImage } from '../../support/stamp.ts'

const scratch = realpathSync(scratchDirectory())
const fresh = () => mkdtempSync(join(scratch, 'disk-'))

const SLOT = 4096
const SIZE = 512 * 1024

describe('short last blocks', () => {
  const file = (content: string | Uint8Array, blockSize = 4096): VaryingFile => ({
    path: '/etc/hostname',
    content: Buffer.from(content),
    blockSize,
  })

  /** A disk with these contents at these slots. */
  const disk = (contents: Record<number, string | Uint8Array>, fill = 0) => {
    const bytes = Buffer.alloc(SIZE, fill)
    for (const [slot, content] of Object.entries(contents)) {
      bytes.fill(0, Number(slot) * SLOT, (Number(slot) + 1) * SLOT)
      bytes.set(Buffer.from(content), Number(slot) * SLOT)
    }
    return flatImage(fresh(), bytes)
  }

  /** Twenty places that look like three bytes. */
  const alike = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [10 + index, `x${10 + index}`]))

  test.each<[string, Record<number, string>, boolean]>([
    ['qrs', { 5: 'node\n', 6: 'abc' }, true],
    ['qrs', alike, false],
    ['qrst', alike, true],
    ['qr', {}, false],
  ])('%s, found once', async (content, others, enough) => {
    const { places, missed } = await locate([await disk({ 3: content, ...others })], [file(content)])
    const place = { disk: 0, offset: 3 * SLOT }
    expect(places.map(({ parts }) => parts)).toEqual(
      enough ? [[{ ...place, length: content.length, from: 0 }]] : [],
    )
    expect(missed.map(({ candidates }) => candidates)).toEqual(enough ? [] : [[[place]]])
  })

  test('what was found twice is told apart once it was seen to change', async () => {
    const first = await locate([await disk({ 3: 'qrs', 5: 'qrs', 6: 'abc' })], [file('qrs')])
    expect(first.places).toEqual([])
    expect(first.missed[0]?.candidates).toEqual([[3, 5].map((slot) => ({ disk: 0, offset: slot * SLOT }))])

    const second = moldContent(3, randomBytes, Buffer.from('qrs'))
    const among = first.missed[0]?.candidates ?? []
    const again = (contents: Record<number, string | Uint8Array>) =>
      disk(contents).then((image) => locate([image], [{ ...file(second), among }]))
    const found = await again({ 3: 'qrs', 5: second, 6: second })
    expect(found.missed).toEqual([])
    expect(found.places[0]?.parts).toEqual([{ disk: 0, offset: 5 * SLOT, length: 3, from: 0 }])

    expect((await again({ 3: second, 5: second })).missed[0]?.reason).toMatch(/several places/)
    expect((await again({ 3: 'qrs', 5: 'qrs', 6: second })).missed[0]?.reason).toMatch(/does not hold/)
  })

  test('a tail of one byte makes the whole file wait', async () => {
    const content = moldContent(SLOT + 1, randomBytes)
    const held = { 1: content.subarray(0, SLOT), 9: content.subarray(SLOT) }
    const { missed } = await locate([await disk(held)], [file(content)])
    expect(missed[0]?.candidates).toEqual([[{ disk: 0, offset: SLOT }], [{ disk: 0, offset: 9 * SLOT }]])
  })

  test('a block full of bytes alike does not count as short', async () => {
    const { missed } = await locate([await disk({ 3: 'x'.repeat(SLOT) })], [file('x'.repeat(SLOT))])
    expect(missed).toEqual([])
  })

  test('what follows the content up to the end of the block must be zeros', async () => {
    const { missed } = await locate(
      [await disk({ 3: `0123456789${'\0'.repeat(4000)}x` })],
      [file('0123456789')],
    )
    expect(missed[0]?.reason).toMatch(/does not hold/)
  })
})

test('an empty file lies nowhere and needs no stamp', async () => {
  const empty = { path: '/empty', content: new Uint8Array(), blockSize: 4096 }
  const { places } = await locate([await flatImage(fresh(), Buffer.alloc(SLOT))], [empty])
  expect(places).toEqual([{ path: '/empty', content: empty.content, parts: [], pieces: [] }])
  await stamp(places, () => new Uint8Array(), String)
})

test('mold content has no NUL and no byte of an earlier one at its place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (unlike) => {
      const content = moldContent(unlike.length, randomBytes, unlike)
      expect(content).toHaveLength(unlike.length)
      expect(content.some((byte, index) => byte === 0 || byte === unlike[index])).toBe(false)
    }),
  )
})

describe('a clone is refused before anything is written', () => {
  const place = async () => {
    const content = moldContent(100, randomBytes)
    const bytes = Buffer.alloc(SIZE)
    bytes.set(content, SLOT)
    return locate([await flatImage(fresh(), bytes)], [{ path: '/a', content, blockSize: 4096 }])
  }

  test.each([
    ['longer', 101],
    ['shorter', 99],
  ])('if a content is %s than the mold’s', async (_what, length) => {
    const { places } = await place()
    await expect(
      stamp(
        places,
        () => randomBytes(length),
        () => '/nowhere',
      ),
    ).rejects.toThrow(TypeError)
  })

  test('if a content is missing', async () => {
    await expect(
      stamp(
        (await place()).places,
        () => undefined,
        () => '/nowhere',
      ),
    ).rejects.toThrow(TypeError)
  })

  test('if it would write into the mold', async () => {
    const { places } = await place()
    await expect(stamp(places, () => randomBytes(100), String)).rejects.toThrow(/is the mold itself/)
  })
})
