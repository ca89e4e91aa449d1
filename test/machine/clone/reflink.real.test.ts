import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, expect, test } from 'vitest'
import { openMold } from '../../../src/machine/clone/copy.ts'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { useDirectory } from '../../support/disks.ts'
import { createVmdk, hasPattern, writePattern } from '../../support/qemu.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const mounted: string[] = []

afterEach(async () => {
  for (const path of mounted.splice(0)) await execa('umount', [path])
})

/** A file system of its own in a loop file. */
async function mount(name: string, mkfs: string, ...args: string[]): Promise<string> {
  const image = at(`${name}.img`)
  await execa('truncate', ['-s', '400M', image])
  await execa(`/usr/sbin/${mkfs}`, [...args, '-q', image])
  await mkdir(at(name))
  await execa('mount', ['-o', 'loop', image, at(name)])
  mounted.push(at(name))
  return at(name)
}

test.each([
  ['xfs', 'mkfs.xfs', ['-m', 'reflink=1'], true],
  ['btrfs', 'mkfs.btrfs', [], true],
  ['ext4', 'mkfs.ext4', [], false],
])('on %s', async (name, mkfs, args, shared) => {
  const home = await mount(name, mkfs, ...args)
  const path = join(home, 'mold.vmdk')
  await createVmdk(path, 'subformat=twoGbMaxExtentSparse', '3G')
  await execa('qemu-io', ['-f', 'vmdk', '-c', 'write -P 0x50 0 100M', path])
  const mold = await openMold((await readChain(path)).leaf)
  expect(mold.held).toBe(0)
  await execa('sync', ['-f', home])
  const used = async () => Number((await execa('df', ['--output=used', '-k', home])).stdout.split('\n')[1])
  const before = await used()
  await mkdir(join(home, 'a'))
  const copy = await mold.copy(join(home, 'a', 'node.vmdk'), { how: 'reflink' })
  await execa('sync', ['-f', home])
  expect(copy.reflinked).toBe(shared)
  expect((await used()) - before < 20 * 1024).toBe(shared)
  await writePattern(copy.descriptorPath, 0x41, '1M')
  expect(await hasPattern(copy.descriptorPath, 0x50, '2M')).toBe(true)
  expect(await hasPattern(path, 0x50, '1M')).toBe(true)
  expect((await readChain(copy.descriptorPath)).leaf.cid).not.toBe((await readChain(path)).leaf.cid)
  // The next one does not fit where nothing is shared.
  if (!shared) {
    await execa('fallocate', ['-l', '120M', join(home, 'filler')])
    const failure = mold.copy(join(home, 'a', 'other.vmdk'), { how: 'reflink' })
    await expect(failure).rejects.toMatchObject({ code: 'NO_SPACE' })
    await rm(join(home, 'filler'))
  }
})
