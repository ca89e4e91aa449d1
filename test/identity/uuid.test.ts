import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { systemDraw } from '../../src/identity/draw.ts'
import {
  drawBiosUuid,
  drawMachineId,
  formatUuid,
  formatVmxUuid,
  parseUuid,
  productSerial,
  productUuid,
  uuidBytes,
  uuidFromBios,
} from '../../src/identity/uuid.ts'

const VMX = '56 4d ef 2d 3f d4 14 e2-2e 04 c5 34 3a ec ee 65'
const CANONICAL = '564def2d-3fd4-14e2-2e04-c5343aecee65'

test.each([
  VMX,
  CANONICAL,
  CANONICAL.toUpperCase(),
  `{${CANONICAL}}`,
  `urn:uuid:${CANONICAL}`,
  CANONICAL.replaceAll('-', ''),
])('%s is read', (text) => {
  expect(parseUuid(text)).toBe(CANONICAL)
})

test.each(['', '564d', `${CANONICAL}0`, CANONICAL.replace('e', 'g'), '56 4d', `5 64d ${CANONICAL.slice(5)}`])(
  '%j is refused',
  (text) => {
    expect(() => parseUuid(text)).toThrow(expect.objectContaining({ code: 'BAD_UUID', exit: 2 }))
  },
)

test('uuid.bios text and back', () => {
  expect(formatVmxUuid(uuidBytes(CANONICAL))).toBe(VMX)
  expect(uuidFromBios(VMX)).toBe(CANONICAL)
  expect(uuidFromBios(VMX.toUpperCase())).toBe(CANONICAL)
  expect(uuidFromBios('')).toBeUndefined()
  expect(uuidFromBios(undefined)).toBeUndefined()
})

test.prop([fc.uint8Array({ minLength: 16, maxLength: 16 })])('bytes survive both texts', (bytes) => {
  expect(uuidBytes(formatUuid(bytes))).toEqual(bytes)
  expect(uuidBytes(parseUuid(formatVmxUuid(bytes)))).toEqual(bytes)
})

test('what the guest sees depends on the hardware version', () => {
  const bios = parseUuid('42 1f 24 5c 7f a8 60 fa-12 34 56 78 9a bc de f0')
  expect(productUuid(bios, 12)).toBe('421f245c-7fa8-60fa-1234-56789abcdef0')
  expect(productUuid(bios, 13)).toBe('5c241f42-a87f-fa60-1234-56789abcdef0')
  expect(productSerial(CANONICAL)).toBe(`VMware-${VMX}`)
})

test('what is drawn', () => {
  const zeros = { bytes: (length: number) => new Uint8Array(length) }
  expect(drawBiosUuid(zeros)).toBe('564d0000-0000-0000-0000-000000000000')
  expect(drawMachineId(zeros)).toBe('00000000000040008000000000000000')
  expect(drawMachineId(systemDraw)).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  expect(drawBiosUuid(systemDraw)).not.toBe(drawBiosUuid(systemDraw))
})
