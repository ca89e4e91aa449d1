import { describe, expect, it } from 'vitest'
import { parseIds } from '../../src/guest/storage/ids.ts'
import { renamer } from '../../src/guest/storage/rename.ts'
import { compareIds } from '../../src/guest/verify.ts'
import type { IdChange } from '../../src/transaction/change.ts'

const blkid = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')

const MBR_PART = { PART_ENTRY_SCHEME: 'dos', PART_ENTRY_UUID: 'ad2e8555-02', PART_ENTRY_NUMBER: '2' }

describe('what blkid says of a device', () => {
  it.each([
    ['a disk', { PTUUID: 'ad2e8555', PTTYPE: 'dos' }, ['partition-table dos ad2e8555']],
    [
      'an extended partition',
      { PTTYPE: 'dos', PTUUID: '00000001', ...MBR_PART },
      ['partition dos ad2e8555-02'],
    ],
    [
      'a file system on a partition',
      { UUID: '9A14-C6C8', TYPE: 'vfat', USAGE: 'filesystem', ...MBR_PART },
      ['partition dos ad2e8555-02', 'filesystem vfat 9A14-C6C8'],
    ],
    ['swap', { UUID: 'u', TYPE: 'swap', USAGE: 'other' }, ['swap swap u']],
    ['LUKS', { UUID: 'u', TYPE: 'crypto_LUKS', USAGE: 'crypto' }, ['container crypto_LUKS u']],
    [
      'LVM',
      { UUID: 'X137rw-uDb9', TYPE: 'LVM2_member', USAGE: 'raid' },
      ['container LVM2_member X137rw-uDb9'],
    ],
    ['a file system without an id', { TYPE: 'cramfs', USAGE: 'filesystem' }, []],
    ['nothing', { DEVNAME: '/dev/sda1' }, []],
  ])('%s', (_, values, expected) => {
    const ids = parseIds('/dev/sda2', blkid(values as Record<string, string>))
    expect(ids.map(({ bearer, format, id }) => `${bearer} ${format} ${id}`)).toEqual(expected)
  })
})

it('names of disks, partitions and unlocked volumes follow the disk, others stay', () => {
  const rename = renamer(['/dev/sda', '/dev/sdb'], ['/dev/sdc', '/dev/sdd'])
  const devices = [
    '/dev/sda',
    '/dev/sdb12',
    '/dev/mapper/crypt_sda3',
    '/dev/sde1',
    '/dev/vg/sda',
    '/dev/md127',
  ]
  expect(devices.map(rename)).toEqual([
    '/dev/sdc',
    '/dev/sdd12',
    '/dev/mapper/crypt_sdc3',
    ...devices.slice(3),
  ])
})

it('an id that is not as planned is told', () => {
  const change: IdChange = {
    at: 'storage',
    kind: 'id',
    path: '/dev/sda1',
    operation: 'x',
    summary: 'x',
    bearer: 'filesystem',
    format: 'ext4',
    before: 'old',
    after: 'new',
  }
  const found = { device: '/dev/sda1', bearer: 'filesystem', format: 'ext4' } as const
  expect(compareIds([change], [{ ...found, id: 'NEW' }])).toEqual([])
  const expected = { path: '/dev/sda1', expected: 'ext4 UUID new' }
  expect(compareIds([change], [{ ...found, id: 'old' }])).toEqual([{ ...expected, found: 'old' }])
  expect(compareIds([change], [{ ...found, bearer: 'swap', id: 'new' }])).toEqual([
    { ...expected, found: 'no ext4 UUID' },
  ])
})

it.each(['LVM2_member', 'lvm2'])('capital letters count in an id of %s', (format) => {
  const bearer = format === 'lvm2' ? 'volume-group' : 'container'
  const common = { at: 'storage', kind: 'id', operation: 'x', summary: 'x', before: 'old' } as const
  const after = 'aB3dEf-0000-1111-2222-3333-4444-zYx555'
  const change: IdChange = { ...common, path: '/dev/vg', bearer, format, after }
  const found = { device: '/dev/vg', bearer, format } as const
  expect(compareIds([change], [{ ...found, id: after }])).toEqual([])
  const id = after.toLowerCase()
  expect(compareIds([change], [{ ...found, id }])).toMatchObject([{ path: '/dev/vg', found: id }])
})
