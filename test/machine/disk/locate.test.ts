import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isWindowsPath, locateDisk } from '../../../src/machine/disk/locate.ts'
import { put, useDirectory } from '../../support/disks.ts'

const directory = useDirectory()
const vm = () => join(directory(), 'vm')

async function putVm() {
  await mkdir(join(vm(), 'disks'), { recursive: true })
  await put(vm(), { 'x.vmdk': '', 'disks/y.vmdk': '' })
  await put(directory(), { 'z.vmdk': '' })
}

test.each([
  ['x.vmdk', 'x.vmdk'],
  ['./disks/y.vmdk', 'disks/y.vmdk'],
  ['D:\\VMs\\Ubuntu 64 位\\x.vmdk', 'x.vmdk'],
  ['\\\\server\\share\\x.vmdk', 'x.vmdk'],
  ['/vmfs/volumes/5a0b1c2d-3e4f/x/x.vmdk', 'x.vmdk'],
])('%s is found', async (name, found) => {
  await putVm()
  expect(await locateDisk(name, vm())).toBe(join(vm(), found))
})

test.each([
  ['gone.vmdk', 'DISK_MISSING'],
  ['D:\\VMs\\gone.vmdk', 'DISK_MISSING'],
  ['', 'DISK_MISSING'],
  ['disks', 'DISK_MISSING'],
  ['../z.vmdk', 'DISK_OUTSIDE'],
  ['link.vmdk', 'DISK_OUTSIDE'],
  ['/dev/sda', 'DISK_RAW_DEVICE'],
  ['\\\\.\\PhysicalDrive0', 'DISK_RAW_DEVICE'],
])('%s is refused: %s', async (name, code) => {
  await putVm()
  await symlink('../z.vmdk', join(vm(), 'link.vmdk'))
  await expect(locateDisk(name, vm())).rejects.toMatchObject({ code })
})

test('a copied .vmx that names the original’s disk by its absolute path is refused', async () => {
  await putVm()
  await expect(locateDisk(join(directory(), 'z.vmdk'), vm())).rejects.toMatchObject({ code: 'DISK_OUTSIDE' })
})

test.each([
  ['C:\\a', true],
  ['c:/a', true],
  ['a\\b', true],
  ['/a/b', false],
  ['a b.vmdk', false],
])('isWindowsPath(%j) is %s', (name, expected) => {
  expect(isWindowsPath(name)).toBe(expected)
})
