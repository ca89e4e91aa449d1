import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mendDescriptor, originalDescriptor, readContentId } from '../../../src/machine/disk/mend.ts'
import { fixture, put, sparseHeader, splitDescriptor, useDirectory } from '../../support/disks.ts'

const directory = useDirectory()
const disk = () => join(directory(), 'disk.vmdk')

/** What qemu does to a text descriptor: unpadded CID, its CR gone, NULs at the end. */
function asQemuLeavesIt(text: string, cid: string): string {
  const written = text.replace(/CID=[0-9a-f]+\r?\n/, `CID=${cid}\n`)
  return written.padEnd(Math.ceil(written.length / 512) * 512, '\0')
}

describe('a text descriptor', () => {
  test.each(['split-windows.vmdk', 'split-linux.vmdk', 'gbk.vmdk', 'vmfs.vmdk'])('%s', async (name) => {
    const text = (await fixture(name)).toString('latin1')
    await writeFile(disk(), text, 'latin1')
    await chmod(disk(), 0o640)
    const original = await originalDescriptor(disk())
    await writeFile(disk(), asQemuLeavesIt(text, 'abc12'), 'latin1')
    expect(await readContentId(disk())).toBe('000abc12')

    expect(await mendDescriptor(disk(), original)).toBe('000abc12')
    const mended = await readFile(disk(), 'latin1')
    expect(mended).toBe(text.replaceAll('2716c2af', '000abc12'))
    expect(mended.match(/000abc12/g)).toHaveLength(2)
    expect((await stat(disk())).mode & 0o7777).toBe(0o640)
    expect(await readdir(directory())).toEqual(['disk.vmdk'])
  })

  test('is not touched a second time', async () => {
    await put(directory(), { 'disk.vmdk': await fixture('split-windows.vmdk') })
    const original = await originalDescriptor(disk())
    await mendDescriptor(disk(), original, '0badcafe')
    const { ino, mtimeMs } = await stat(disk())
    await mendDescriptor(disk(), original)
    await mendDescriptor(disk(), original, '0badcafe')
    expect(await stat(disk())).toMatchObject({ ino, mtimeMs })
  })

  test('that lost its CID gets the old one back', async () => {
    await put(directory(), { 'disk.vmdk': splitDescriptor('s') })
    const original = await originalDescriptor(disk())
    await put(directory(), { 'disk.vmdk': '# Disk DescriptorFile\nCID=' })
    expect(await mendDescriptor(disk(), original)).toBe('11111111')
    expect(await readFile(disk(), 'latin1')).toBe(splitDescriptor('s'))
  })
})

describe('an embedded descriptor', () => {
  test('keeps its place and its padding, and the data around it stay', async () => {
    const text = splitDescriptor('disk.vmdk')
    const bytes = sparseHeader(131072, { descriptor: text })
    bytes.fill('data', 21 * 512)
    await writeFile(disk(), bytes)
    const original = await originalDescriptor(disk())
    expect(original).toHaveLength(20 * 512)
    const written = Buffer.from(bytes)
    written.write(asQemuLeavesIt(text, 'f00'), 512, 'latin1')
    await writeFile(disk(), written)

    for (const _ of ['once', 'again']) {
      expect(await mendDescriptor(disk(), original)).toBe('00000f00')
      const expected = Buffer.from(bytes)
      expected.write('00000f00', 512 + text.indexOf('11111111'), 'latin1')
      expect(Buffer.compare(await readFile(disk()), expected)).toBe(0)
    }
  })
})

test.each(['DEADBEEF', '123', ''])('the content id %j is refused', async (id) => {
  await put(directory(), { 'disk.vmdk': splitDescriptor('s') })
  await expect(mendDescriptor(disk(), await originalDescriptor(disk()), id)).rejects.toMatchObject({
    code: 'DISK_MALFORMED',
  })
})

test('a file without a descriptor is never written', async () => {
  const bytes = sparseHeader(131072)
  await writeFile(disk(), bytes)
  const original = Buffer.from(splitDescriptor('s'))
  await expect(mendDescriptor(disk(), original, '0badcafe')).rejects.toMatchObject({ code: 'DISK_MALFORMED' })
  expect(Buffer.compare(await readFile(disk()), bytes)).toBe(0)
})
