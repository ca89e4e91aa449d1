import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { systemDraw } from '../../src/identity/draw.ts'
import { checkStaticMac, drawMac, macKind, parseMac } from '../../src/identity/mac.ts'

test.each([
  '00:50:56:2A:bb:CC',
  '00-50-56-2a-bb-cc',
  '0050.562a.bbcc',
  '0050562ABBCC',
  ' 00:50:56:2a:bb:cc ',
])('%j is an address', (text) => {
  expect(parseMac(text)).toBe('00:50:56:2a:bb:cc')
})

test.each([
  '',
  '00:50:56:2a:bb',
  '00:50:56:2a:bb:cc:dd',
  '00:50:56:2a:bb:cg',
  '00:50-56:2a:bb:cc',
  '0:50:56:2a:bb:cc',
  '00505.62a.bbcc',
])('%j is none', (text) => {
  expect(() => parseMac(text)).toThrow(expect.objectContaining({ code: 'BAD_MAC', exit: 2 }))
})

describe('ranges', () => {
  test.each([
    ['00:50:56:00:00:00', 'static'],
    ['00:50:56:3f:ff:ff', 'static'],
    ['00:50:56:40:00:00', 'reserved'],
    ['00:50:56:80:00:00', 'vcenter'],
    ['00:50:56:bf:ff:ff', 'vcenter'],
    ['00:50:56:c0:00:08', 'host-adapter'],
    ['00:50:56:c1:00:00', 'reserved'],
    ['00:0c:29:12:34:56', 'generated'],
    ['00:05:69:12:34:56', 'generated'],
    ['52:54:00:12:34:56', 'other'],
    ['01:50:56:00:00:01', 'multicast'],
    ['ff:ff:ff:ff:ff:ff', 'multicast'],
    ['00:00:00:00:00:00', 'zero'],
  ])('%s is %s', (mac, kind) => {
    expect(macKind(mac)).toBe(kind)
  })

  test.each([
    ['00:50:56:3f:ff:ff', true],
    ['00:0c:29:12:34:56', false],
    ['52:54:00:12:34:56', false],
  ])('%s can be a NIC’s; in range: %s', (mac, inRange) => {
    expect(checkStaticMac(mac)).toEqual({ inRange })
  })

  test.each([
    ['00:50:56:c0:00:08', /host/],
    ['00:50:56:9a:00:08', /vCenter/],
    ['00:50:56:7f:00:08', /reserves/],
    ['03:50:56:00:00:08', /multicast/],
    ['00:00:00:00:00:00', /zeros/],
  ])('%s is refused', (mac, why) => {
    expect(() => checkStaticMac(mac)).toThrow(why)
    expect(() => checkStaticMac(mac)).toThrow(expect.objectContaining({ code: 'BAD_MAC' }))
  })
})

const fixed = (...bytes: number[]) => ({ bytes: () => Uint8Array.from(bytes) })

test('an address that is taken is passed over, also at the end of the range', () => {
  expect(drawMac(fixed(0x12, 0x34, 0x56))).toBe('00:50:56:12:34:56')
  expect(drawMac(fixed(0x12, 0x34, 0x56), new Set(['00:50:56:12:34:56']))).toBe('00:50:56:12:34:57')
  expect(drawMac(fixed(0xff, 0xff, 0xff), new Set(['00:50:56:3f:ff:ff']))).toBe('00:50:56:00:00:00')
})

test.prop([fc.uint8Array({ minLength: 3, maxLength: 3 })])('what is drawn is in range', (bytes) => {
  expect(checkStaticMac(drawMac({ bytes: () => bytes }))).toEqual({ inRange: true })
})

test('the system draws what differs', () => {
  const drawn = new Set<string>()
  for (let i = 0; i < 100; i++) drawn.add(drawMac(systemDraw, drawn))
  expect(drawn.size).toBe(100)
})
