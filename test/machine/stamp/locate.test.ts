import { randomBytes } from 'node:crypto'
import { mkdtempSync, realpathSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blocksOf, moldContent, type VaryingFile } from '../../../src/machine/stamp/content.ts'
import { locate } from '../../../src/machine/stamp/locate.ts'
import { translate } from '../../../src/machine/stamp/place.ts'
import { type Image, ownSpans } from '../../../src/machine/stamp/spans.ts'
import { stamp } from '../../../src/machine/stamp/stamp.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { flatImage, sparseImage } from '../../support/stamp.ts'

const scratch = realpathSync(scratchDirectory())
const fresh = () => mkdtempSync(join(scratch, 'disk-'))

const SLOT = 4096
const SIZE = 512 * 1024

/** Lengths that leave enough bytes in a file's last block, and those that do not. */
const blockSizes = fc.constantFrom(512, 1024, 4096)
const shapes = fc.record({ blockSize: blockSizes, blocks: fc.nat(3), tail: fc.integer({ min: 8, max: 512 }) })

const scenes = fc.record({
  files: fc.array(shapes, { minLength: 1, maxLength: 6 }),
  /** Sectors by which file system blocks are out of step with grains. */
  shift: fc.nat(7),
  seed: fc.integer(),
  noise: fc.constantFrom('random', 'zeros', 'text'),
  sparse: fc.boolean(),
})

/** Numbers below a limit, always the same for a seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

type Scene = typeof scenes extends fc.Arbitrary<infer S> ? S : never

/** Lays files into a disk, each block in a slot of its own; `at` says where. */
function lay({ files: wanted, shift, seed, noise }: Scene) {
  const roll = dice(seed)
  const bytes = noise === 'random' ? randomBytes(SIZE) : Buffer.alloc(SIZE, noise === 'text' ? 'node1\n' : 0)
  const slots = Array.from({ length: SIZE / SLOT - 1 }, (_, index) => index * SLOT + shift * 512)
  const take = () => slots.splice(roll(slots.length), 1)[0] as number
  const files = wanted.map(({ blockSize, blocks, tail }, index): VaryingFile => {
    const length = blocks * blockSize + Math.min(tail, blockSize)
    return { path: `/f${index}`, blockSize, content: moldContent(length, randomBytes) }
  })
  const at = files.map((file) =>
    blocksOf(file).map((block) => {
      const slot = take()
      bytes.set(block.bytes, slot)
      return slot
    }),
  )
  // A guest writes whole blocks, so that an image holds their zeros too.
  const written = at.flat().map((start) => ({ start, end: start + SLOT }))
  const image = ({ sparse }: Scene) =>
    sparse
      ? sparseImage(fresh(), bytes, roll, written)
      : flatImage(fresh(), bytes, (1 + roll(SIZE / 512 - 1)) * 512)
  return { bytes, files, at, take, image }
}

async function copyOf({ path, format }: Image): Promise<Image> {
  const copy = fresh()
  await cp(dirname(path), copy, { recursive: true })
  return { path: join(copy, basename(path)), format }
}

/** What a disk of this size holds. */
async function diskOf(image: Image): Promise<Buffer> {
  const bytes = Buffer.alloc(SIZE)
  const reader = reading()
  for await (const { start, length, file, offset } of ownSpans(image))
    bytes.set((await reader(file)).subarray(offset, offset + length), start)
  return bytes
}

/** Reads each file once. */
function reading(): (file: string) => Promise<Buffer> {
  const files = new Map<string, Promise<Buffer>>()
  return (file) => {
    const content = files.get(file) ?? readFile(file)
    files.set(file, content)
    return content
  }
}

test('files are found where they lie, and a stamped copy holds the new bytes there and else is the same', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      const { bytes, files, at, image } = lay(scene)
      const mold = await image(scene)
      const { places, missed } = await locate([mold], files)
      expect(missed).toEqual([])
      for (const [index, { blockSize, content }] of files.entries()) {
        const parts = places[index]?.parts ?? []
        const starts = parts.flatMap(({ offset, length }) =>
          Array.from({ length: Math.ceil(length / blockSize) }, (_, block) => offset + block * blockSize),
        )
        expect(starts).toEqual(at[index])
        expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(content.length)
      }

      const copy = await copyOf(mold)
      const own = new Map(files.map(({ path, content }) => [path, randomBytes(content.length)]))
      await stamp(
        places,
        (path) => own.get(path),
        (path) => join(dirname(copy.path), basename(path)),
      )
      for (const [index, file] of files.entries()) {
        const blocks = blocksOf({ ...file, content: own.get(file.path) as Uint8Array })
        for (const [block, now] of blocks.entries()) bytes.set(now.bytes, at[index]?.[block])
      }
      expect((await diskOf(copy)).equals(bytes)).toBe(true)
    }),
    { numRuns: 25 },
  )
})

test('places are the same in another image of the disk, and refused where that differs', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      const { bytes, files, at, image } = lay(scene)
      const { places } = await locate([await image(scene)], files)
      const other = await image({ ...scene, sparse: !scene.sparse })
      const moved = await translate(places, [other])
      expect(moved.missed).toEqual([])
      const reader = reading()
      for (const { content, pieces } of moved.places)
        for (const { file, offset, length, from } of pieces)
          expect((await reader(file)).compare(content, from, from + length, offset, offset + length)).toBe(0)

      const victim = at.findIndex((slots) => slots.length > 0)
      bytes.writeUInt8(0, at[victim]?.[0] ?? 0)
      const { missed } = await translate(places, [await image(scene)])
      expect(missed.map(({ path }) => path)).toEqual([files[victim]?.path])
    }),
    { numRuns: 25 },
  )
})

test('a block that lies in two places, or in none, is never taken', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.boolean(), fc.nat(), async (scene, twice, pick) => {
      const { bytes, files, at, take, image } = lay(scene)
      // Short files may be drawn alike; then neither is taken.
      const blocks = files.flatMap((one) =>
        blocksOf(one).map((part) => Buffer.from(part.bytes).toString('hex')),
      )
      fc.pre(new Set(blocks).size === blocks.length)
      const victim = pick % files.length
      const file = files[victim] as VaryingFile
      const block = pick % blocksOf(file).length
      const wanted = blocksOf(file)[block]?.bytes as Uint8Array
      if (twice) bytes.set(wanted, take())
      else bytes.fill(0, at[victim]?.[block], (at[victim]?.[block] ?? 0) + wanted.length)
      const { places, missed } = await locate([await image(scene)], files)
      expect(missed.map(({ path }) => path)).toEqual([file.path])
      expect(missed[0]?.reason).toMatch(twice ? /several places/ : /does not hold/)
      expect(places).toHaveLength(files.length - 1)
    }),
    { numRuns: 25 },
  )
})

test.each([0, 1, 5, 7])(
  'a file longer than what is read at once, %i sectors from the start',
  async (shift) => {
    const content = moldContent(3 * 2 ** 20 + 100, randomBytes)
    const bytes = Buffer.alloc(4 * 2 ** 20)
    bytes.set(content, shift * 512)
    for (const disk of [await flatImage(fresh(), bytes, 2 ** 20 + 512), await sparseImage(fresh(), bytes)]) {
      const { places, missed } = await locate([disk], [{ path: '/a', content, blockSize: 4096 }])
      expect(missed).toEqual([])
      expect(places[0]?.parts).toEqual([{ disk: 0, offset: shift * 512, length: content.length, from: 0 }])
    }
  },
)
