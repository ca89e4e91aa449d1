import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { seededDraw, systemDraw } from '../../src/identity/draw.ts'
import { drawMac } from '../../src/identity/mac.ts'
import { take } from '../../src/identity/taken.ts'
import { drawBiosUuid } from '../../src/identity/uuid.ts'

const lengths = fc.array(fc.nat({ max: 100 }), { maxLength: 8 })

property.prop([fc.string(), fc.string(), lengths])(
  'a seed gives one stream for a name, however it is cut',
  (seed, name, cuts) => {
    const parts = seededDraw(seed, name)
    const total = cuts.reduce((sum, cut) => sum + cut, 0)
    const joined = cuts.flatMap((cut) => {
      const bytes = parts.bytes(cut)
      expect(bytes).toHaveLength(cut)
      return [...bytes]
    })
    expect(joined).toEqual([...seededDraw(seed, name).bytes(total)])
  },
)

property.prop([fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string())])(
  'another seed or another name gives another stream',
  (one, other) => {
    fc.pre(one[0] !== other[0] || one[1] !== other[1])
    expect(seededDraw(...one).bytes(16)).not.toEqual(seededDraw(...other).bytes(16))
  },
)

test('a stream is what openssl makes of seed and name', () => {
  expect(Buffer.from(seededDraw('seed', 'node1').bytes(8)).toString('hex')).toBe('0959c6b8876d1906')
})

test('a stream is the same in whatever pieces it is drawn', () => {
  const pieces = [16, 3, 14, 100, 1, 300, 0, 32, 128, 129]
  const whole = pieces.reduce((sum, length) => sum + length, 0)
  const draw = seededDraw('seed', 'node1')
  expect(Buffer.concat(pieces.map((length) => draw.bytes(length)))).toEqual(
    Buffer.from(seededDraw('seed', 'node1').bytes(whole)),
  )
})

test('the system’s source gives nothing twice, in whatever pieces it is drawn', () => {
  const pieces = Array.from({ length: 2000 }, (_, i) => systemDraw.bytes(i === 1000 ? 20_000 : 16))
  expect(pieces[1000]).toHaveLength(20_000)
  expect(new Set(pieces.map((piece) => Buffer.from(piece).toString('hex'))).size).toBe(2000)
})

test('10,000 clones of one seed have MACs and UUIDs of their own, and none that is taken', () => {
  const first = drawMac(seededDraw('s', 'node0'))
  const taken = {
    macs: new Set([first]),
    uuids: new Set([drawBiosUuid({ bytes: (length) => new Uint8Array(length) })]),
  }
  for (let index = 0; index < 10_000; index++) {
    const draw = seededDraw('s', `node${index}`)
    const address = drawMac(draw, taken.macs)
    const value = drawBiosUuid(draw, taken.uuids)
    take(taken, { macs: [address], uuids: [value] })
  }
  expect([taken.macs.size, taken.uuids.size]).toEqual([10_001, 10_001])
})

test('a UUID that is taken is drawn again', () => {
  const draws = [0, 0, 7].map((byte) => new Uint8Array(14).fill(byte))
  const draw = { bytes: () => draws.shift() ?? new Uint8Array(14) }
  const first = drawBiosUuid(draw)
  expect(drawBiosUuid(draw, new Set([first]))).toBe('564d0707-0707-0707-0707-070707070707')
})
