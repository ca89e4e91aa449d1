import { fc, test as prop } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { eachOf, inGroups } from '../../../src/workflow/batch/groups.ts'

prop.prop([
  fc.array(fc.nat(), { maxLength: 200 }),
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 12 }),
])('groups hold every item once, in order, none too large, and nearly equal', (items, jobs, most) => {
  const groups = inGroups(items, jobs, most)
  expect(groups.flat()).toEqual(items)
  const sizes = groups.map((group) => group.length)
  expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(most)
  if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  expect(groups.length).toBeGreaterThanOrEqual(Math.min(jobs, items.length))
})

test('so many at a time, and none is begun after a failure', async () => {
  let running = 0
  let most = 0
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    if (item === 3) throw new Error('three')
  }
  await expect(eachOf([1, 2, 3, 4, 5, 6, 7, 8], 2, work)).rejects.toThrow('three')
  expect(most).toBe(2)
  expect(begun).toEqual([1, 2, 3, 4])
})
