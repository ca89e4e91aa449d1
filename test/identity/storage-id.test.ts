import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { renewedDiskUuid, renewedStorageId } from '../../src/identity/storage-id.ts'

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })
const DISK = '60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c'

describe('a new id for storage', () => {
  test.prop([seed, fc.uuid(), hex(8)])('has the form of the old one, and differs', (own, uuid, digits) => {
    expect(renewedStorageId(own, uuid)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(renewedStorageId(own, uuid)).not.toBe(uuid)
    expect(renewedStorageId(own, digits)).toMatch(/^(?!.*(?:^|^..|^....|^......)00)[0-9a-f]{8}$/)
    const fat = `${digits.slice(0, 4)}-${digits.slice(4)}`.toUpperCase()
    expect(renewedStorageId(own, fat)).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/)
  })

  test.prop([seed, seed, fc.uuid()])('hangs on the seed and on the old one alone', (one, other, uuid) => {
    const lower = renewedStorageId(one, uuid)
    // Without a letter an id is neither; it then counts as in lower case.
    const upper = /[a-f]/.test(uuid) ? lower?.toUpperCase() : lower
    expect(renewedStorageId(one, uuid.toUpperCase())).toBe(upper)
    fc.pre(Buffer.compare(one, other) !== 0)
    expect(renewedStorageId(one, uuid)).not.toBe(renewedStorageId(other, uuid))
  })

  test.prop([seed, fc.stringMatching(/^[0-9a-zA-Z!#]{6}(-[0-9a-zA-Z!#]{4}){5}-[0-9a-zA-Z!#]{6}$/)])(
    'of LVM is one that LVM would draw',
    (own, id) => {
      expect(renewedStorageId(own, id)).toMatch(/^[0-9a-zA-Z]{6}(-[0-9a-zA-Z]{4}){5}-[0-9a-zA-Z]{6}$/)
      expect(renewedStorageId(own, id)).not.toBe(id)
    },
  )

  it.each(['', 'ABCD', '9a14-c6c8', 'X137rw-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrY', '0123456789ABCDEF'])(
    'is not made for %j',
    (id) => {
      expect(renewedStorageId(new Uint8Array(32), id)).toBeUndefined()
    },
  )

  test.prop([seed])('of a VMDK is one of VMware’s', (own) => {
    expect(renewedDiskUuid(own, DISK)).toMatch(
      /^60 00 C2 9[0-9a-f]( [0-9a-f]{2}){4}-[0-9a-f]{2}( [0-9a-f]{2}){7}$/,
    )
    expect(renewedDiskUuid(own, DISK)).not.toBe(DISK)
    expect(renewedDiskUuid(own, 'none')).toBeUndefined()
  })
})
