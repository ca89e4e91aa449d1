import { describe, expect, test } from 'vitest'
import { carriedOn } from '../../src/guest/storage/containers.ts'
import { parseStack, rowsUnder } from '../../src/guest/storage/stack.ts'
import type { StorageId } from '../../src/guest/storage-id.ts'

const STACK = parseStack(`sda disk sda 
sda2 part sda2 sda
sdb disk sdb 
sdb1 part sdb1 sdb
dm-0 crypt first sda2
dm-1 crypt second sdb1
dm-2 crypt other sdb
`)

const btrfs = (device: string, id: string): StorageId => ({
  device,
  bearer: 'filesystem',
  format: 'btrfs',
  id,
})

describe('what stands on an encrypted volume', () => {
  const ids = [
    btrfs('/dev/mapper/first', '11111111-2222-4333-8444-555555555555'),
    btrfs('/dev/mapper/second', '11111111-2222-4333-8444-555555555555'),
    btrfs('/dev/mapper/other', '99999999-2222-4333-8444-555555555555'),
  ]
  const mounts = [{ device: '/dev/mapper/first', mountpoint: '/', type: 'btrfs', options: '' }]
  const carried = carriedOn(ids, { mounts }, (device) => rowsUnder(device, STACK))

  test.each([
    ['first', ['/', '/boot']],
    ['second', ['/', '/boot']],
    ['other', []],
  ])('%s has a part of a file system of several devices', (name, uses) => {
    expect(carried((row) => row.name === name)).toEqual(uses)
  })
})
