import { expect, test } from 'vitest'
import { diskName } from '../../src/guest/storage/disk-name.ts'

test.each([
  [0, '/dev/sda'],
  [25, '/dev/sdz'],
  [26, '/dev/sdaa'],
  [51, '/dev/sdaz'],
  [52, '/dev/sdba'],
  [701, '/dev/sdzz'],
  [702, '/dev/sdaaa'],
])('disk %i is %s', (index, name) => {
  expect(diskName(index)).toBe(name)
})
