import { describe, expect, test } from 'vitest'
import { generatedMac, generationIds, sasWwid, vmciId } from '../../src/identity/derived.ts'
import { parseUuid, uuidBytes } from '../../src/identity/uuid.ts'

const bytesOf = (text: string) => uuidBytes(parseUuid(text))

// Values that VMware hosts wrote, as found in published .vmx files.
describe.each([
  {
    uuid: '56 4d d9 28 84 1b 9d 6a-4e b5 a9 40 b4 53 43 27',
    mac: '00:0c:29:53:43:27',
    vmci: '-1269611737',
    wwid: '50 05 05 68 84 1b 9d 60',
  },
  {
    uuid: '56 4d 36 d7 33 af 02 3c-6b 8a 6f 0c 68 eb 49 3b',
    mac: '00:0c:29:eb:49:3b',
    vmci: '1760250171',
    wwid: '50 05 05 67 33 af 02 30',
  },
  {
    uuid: '56 4d 4d ac f6 9d 97 39-d3 66 17 bc 25 0f 3d 15',
    mac: '00:0c:29:0f:3d:15',
    vmci: '621755669',
    wwid: '50 05 05 6c f6 9d 97 30',
  },
])('$uuid', ({ uuid, mac, vmci, wwid }) => {
  test('MAC, VMCI id and SAS name', () => {
    expect(generatedMac(bytesOf(uuid), 0)).toEqual({ mac, offset: 0 })
    expect(vmciId(bytesOf(uuid))).toBe(vmci)
    expect(sasWwid(bytesOf(uuid), 0)).toBe(wwid)
  })
})

test('the second NIC is ten further, within 24 bits', () => {
  expect(generatedMac(bytesOf('56 4d 00 00 00 00 00 00-00 00 00 00 00 1a 2b 3c'), 1)).toEqual({
    mac: '00:0c:29:1a:2b:46',
    offset: 10,
  })
  expect(generatedMac(bytesOf('56 4d 00 00 00 00 00 00-00 00 00 00 ff ff ff ff'), 1).mac).toBe(
    '00:0c:29:00:00:09',
  )
})

test('the second SAS controller is 256 further', () => {
  const uuid = bytesOf('42 1e 0b 8e d0 eb 5e b7-00 00 00 00 00 00 00 00')
  expect(sasWwid(uuid, 0)).toBe('50 05 05 6e d0 eb 5e b0')
  expect(sasWwid(uuid, 1)).toBe('50 05 05 6e d0 eb 5f b0')
})

test('generation ids are signed decimals', () => {
  const bytes = bytesOf('ff ff ff ff ff ff ff fe-00 00 00 00 00 00 00 05')
  expect(generationIds(bytes)).toEqual({ genid: '-2', genidX: '5' })
})
