import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { drawDiskIds } from '../../../src/machine/clone/content-id.ts'
import { newDescriptor } from '../../../src/machine/clone/descriptor.ts'
import { qemuReadsDescriptor } from '../../../src/machine/disk/plain.ts'
import { fixture } from '../../support/disks.ts'

const ids = drawDiskIds((length) => new Uint8Array(length).fill(0xab))

describe('a new descriptor', () => {
  test('of a child names its parent and has no uuid; one without a parent has a uuid of its own', async () => {
    const like = [DescriptorDocument.parse(await fixture('split-windows.vmdk'))]
    const extents = [{ access: 'RW', sectors: 131072, type: 'SPARSE', name: 'n-s001.vmdk', offset: 0 }]
    const parent = { contentId: '2716c2af', hint: '../b/位.vmdk' }
    const of = (more: object) =>
      DescriptorDocument.parse(
        newDescriptor({ ids, createType: 'twoGbMaxExtentSparse', extents, like, ...more }),
      )
    const child = of({ parent })
    expect(child.isDescriptor).toBe(true)
    expect(qemuReadsDescriptor(child, 'twoGbMaxExtentSparse', '../b/位.vmdk')).toBe(true)
    expect(child.get('CID')).toBe('abababab')
    expect(child.get('parentCID')).toBe('2716c2af')
    expect(child.get('ddb.uuid')).toBeUndefined()
    expect(child.get('ddb.adapterType')).toBe(like[0]?.get('ddb.adapterType'))
    expect(child.extents).toEqual(extents)

    const full = of({})
    expect(qemuReadsDescriptor(full, 'twoGbMaxExtentSparse', undefined)).toBe(true)
    expect(full.get('parentCID')).toBe('ffffffff')
    expect(full.get('ddb.uuid')).toBe('60 00 C2 9b ab ab ab ab-ab ab ab ab ab ab ab ab')
    expect(full.get('ddb.longContentID')).toBe('ab'.repeat(16))
    const uuidless = of({ like: [] })
    expect(uuidless.get('ddb.uuid')).toBeUndefined()
  })

  test('never has a content id that means something else', () => {
    const draws = [0xff, 0xff, 0x12]
    const random = (length: number) => new Uint8Array(length).fill(length === 4 ? (draws.shift() ?? 0x34) : 0)
    expect(drawDiskIds(random).contentId).toBe('12121212')
  })

  test.prop([fc.uint8Array({ minLength: 64, maxLength: 64 })])('has ids of the right shape', (pool) => {
    let next = 0
    const drawn = drawDiskIds((length) => {
      next = (next + length) % 32
      return pool.slice(next, next + length)
    })
    expect(drawn.contentId).toMatch(/^[0-9a-f]{8}$/)
    expect(drawn.longContentId).toMatch(new RegExp(`^[0-9a-f]{24}${drawn.contentId}$`))
    expect(drawn.uuid).toMatch(/^60 00 C2 9[0-9a-f]( [0-9a-f]{2}){4}-[0-9a-f]{2}( [0-9a-f]{2}){7}$/)
  })
})
