import { describe, expect, test } from 'vitest'
import { detourOf, isPlainDevice, parseStack } from '../../src/guest/storage/stack.ts'

const STACK = `sda disk sda 
sda1 part sda1 sda
dm-0 lvm vg--a-root sda1
dm-0 lvm vg--a-root sdb
dm-1 lvm vg--a-striped sdb
dm-2 lvm vg--a-pool_tdata sdb
dm-3 lvm vg--a-pool-tpool dm-2
dm-4 lvm vg--a-thin dm-3
dm-5 crypt luks-1 sda1
dm-6 lvm vgc-root dm-5
md127 raid1 md127 sda1
md127 raid1 md127 sdb
dm-7 lvm vgm-root md127
sdb disk sdb 
=
vg--a-root: 0 655360 linear 8:1 2048
vg--a-root: 655360 655360 linear 8:16 2048
vg--a-striped: 0 81920 striped 2 128 8:1 2048 8:16 2048
vg--a-pool_tdata: 0 81920 linear 8:16 2048
vg--a-pool-tpool: 0 81920 thin-pool 253:1 253:2 128 0 0
vg--a-thin: 0 81920 thin 253:3 1
luks-1: 0 81920 crypt aes-xts-plain64 :64:logon:x 0 8:1 32768
vgc-root: 0 655360 linear 253:5 2048
vgm-root: 0 655360 linear 9:127 2048
`

describe('what a device stands on', () => {
  test.each([
    ['/dev/vg-a/root', undefined],
    ['/dev/mapper/vg--a-root', undefined],
    ['/dev/sda1', undefined],
    ['/dev/vg-a/striped', 'it is on a logical volume of type striped'],
    ['/dev/vg-a/thin', 'it is on a logical volume of type thin'],
    ['/dev/mapper/luks-1', 'it is on crypt'],
    ['/dev/vgc/root', 'it is on crypt'],
    ['/dev/md127', 'it is on raid1'],
    ['/dev/vgm/root', 'it is on raid1'],
    ['/dev/vg-a/other', 'nothing is known of what /dev/vg-a/other stands on'],
  ])('%s: %s', (device, expected) => {
    expect(detourOf(device, parseStack(STACK))).toBe(expected)
  })

  test('without the tables of device-mapper no volume is taken', () => {
    const [rows = ''] = STACK.split('=')
    expect(detourOf('/dev/vg-a/root', parseStack(`${rows}=\n`))).toMatch(/unknown/)
    expect(detourOf('/dev/vg-a/root', parseStack(''))).toMatch(/nothing is known/)
  })

  test('plain devices are told by their names', () => {
    expect(['/dev/sda', '/dev/sdab12', '/dev/vda1'].every(isPlainDevice)).toBe(true)
    expect(['/dev/md127', '/dev/vg/sda1', '/dev/mapper/a', '/dev/sda1/x'].some(isPlainDevice)).toBe(false)
  })
})
