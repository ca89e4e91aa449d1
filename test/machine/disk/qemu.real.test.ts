import { mkdir, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, test } from 'vitest'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { type ChainOptions, readChain } from '../../../src/machine/disk/chain.ts'
import { mendDescriptor, originalDescriptor, readContentId } from '../../../src/machine/disk/mend.ts'
import { openable } from '../../../src/machine/disk/shadow.ts'
import { fixture, put, useDirectory } from '../../support/disks.ts'
import {
  createChild,
  createVmdk,
  hasPattern,
  manifest,
  virtualSize,
  writePattern,
} from '../../support/qemu.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const disk = () => at('vm', 'disk.vmdk')

beforeEach(async () => {
  for (const name of ['vm', 'template', 'scratch']) await mkdir(at(name))
})

/** One whole edit as the commit makes it: an overlay, a write, the commit into the leaf, the descriptor put right. */
async function editThroughOverlay(path: string, byte: number, options: ChainOptions = {}) {
  const chain = await readChain(path, options)
  const original = await originalDescriptor(path)
  const opened = await openable(chain, at('scratch'))
  const overlay = at('scratch', 'overlay.qcow2')
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'vmdk', '-b', opened.path, overlay])
  await writePattern(overlay, byte, '1M', 'qcow2')
  await execa('qemu-img', ['commit', '-q', '-f', 'qcow2', overlay])
  expect(await hasPattern(opened.path, byte, '1M')).toBe(true)
  const written = await readContentId(opened.path)
  await mendDescriptor(path, original, written)
  return { chain, original, opened, written }
}

/** The descriptor is the old text but for its content id, padded as VMware does. */
async function expectMended(path: string, original: Uint8Array, contentId: string | undefined) {
  const now = DescriptorDocument.parse(await originalDescriptor(path))
  const before = DescriptorDocument.parse(original)
  expect(now.get('CID')).toMatch(/^[0-9a-f]{8}$/)
  expect(now.get('CID')).toBe(contentId)
  expect(now.get('CID')).not.toBe(before.get('CID')?.padStart(8, '0'))
  expect(now.set('CID', before.get('CID') ?? '').body).toBe(
    before.set('ddb.longContentID', now.get('ddb.longContentID') ?? '').body,
  )
  expect(now.get('ddb.longContentID')?.slice(-8)).toBe(before.get('ddb.longContentID') && contentId)
  if ((await readFile(path)).subarray(0, 4).toString() !== 'KDMV') expect(now.text).not.toContain('\0')
}

describe('a disk is edited and its descriptor put right', () => {
  test.each(['monolithicSparse', 'monolithicFlat', 'twoGbMaxExtentSparse', 'twoGbMaxExtentFlat'])(
    '%s',
    async (subformat) => {
      await createVmdk(disk(), `subformat=${subformat},adapter_type=lsilogic`)
      const { chain, original, opened, written } = await editThroughOverlay(disk(), 0x41)
      expect(chain.leaf.createType).toBe(subformat)
      expect(opened).toEqual({ path: disk(), made: [] })
      await expectMended(disk(), original, written)
      expect(await hasPattern(disk(), 0x41, '1M')).toBe(true)
      expect((await readChain(disk())).leaf.cid).toBe(written)
    },
  )

  test.each(['vmfs.vmdk', 'vmfs-cbt.vmdk', 'flat.vmdk'])('%s, made by hand', async (name) => {
    await put(at('vm'), { 'disk.vmdk': await fixture(name), 'disk-flat.vmdk': '' })
    await truncate(at('vm', 'disk-flat.vmdk'), 64 << 20)
    const { original, written } = await editThroughOverlay(disk(), 0x42)
    await expectMended(disk(), original, written)
    expect(
      (await readFile(at('vm', 'disk-flat.vmdk')))
        .subarray(1 << 20)
        .every((byte, index) => byte === (index < 65536 ? 0x42 : 0)),
    ).toBe(true)
  })

  test('of two sparse extents, with CRLF', async () => {
    for (const name of ['disk-s001.vmdk', 'disk-s002.vmdk']) await createExtent(at('vm', name), '32M')
    await put(at('vm'), { 'disk.vmdk': await fixture('split-windows.vmdk') })
    const { original, written } = await editThroughOverlay(disk(), 0x43)
    await expectMended(disk(), original, written)
    const text = await readFile(disk(), 'latin1')
    expect(text.match(/\n/g)).toHaveLength(text.match(/\r\n/g)?.length ?? 0)
  })

  test('whose content id qemu wrote with fewer than eight digits', async () => {
    await createVmdk(disk(), 'subformat=twoGbMaxExtentSparse')
    const original = await originalDescriptor(disk())
    let short: string | undefined
    for (let tries = 0; tries < 400 && !short; tries++) {
      await writePattern(disk(), 0x44, '0')
      short = /^CID=([0-9a-f]{1,7})$/m.exec(await readFile(disk(), 'latin1'))?.[1]
    }
    expect(short).toBeDefined()
    expect(await readFile(disk(), 'latin1')).toContain('\0')
    await mendDescriptor(disk(), original)
    await expectMended(disk(), original, short?.padStart(8, '0'))
  })
})

/** A bare sparse extent: what qemu puts behind a split disk's descriptor. */
async function createExtent(path: string, size: string): Promise<void> {
  const split = at('scratch', 'split.vmdk')
  await createVmdk(split, 'subformat=twoGbMaxExtentSparse', size)
  await rename(at('scratch', 'split-s001.vmdk'), path)
}

async function setHint(path: string, hint: string): Promise<void> {
  const bytes = await readFile(path)
  const document = DescriptorDocument.parse(await originalDescriptor(path))
  const embedded = bytes.subarray(0, 4).toString() === 'KDMV'
  const changed = document
    .set('parentFileNameHint', hint)
    .padded(embedded ? 20 * 512 : 0)
    .bytes()
  if (embedded) bytes.set(changed, 512)
  await writeFile(path, embedded ? bytes : changed)
}

describe.each(['monolithicSparse', 'twoGbMaxExtentSparse'])('a linked clone of type %s', (subformat) => {
  test.each([
    ['relative', () => '../template/base.vmdk', true],
    ['absolute', () => at('template', 'base.vmdk'), true],
    ['Windows', () => 'D:\\VMs\\Ubuntu 64-bit\\base.vmdk', false],
  ])('with a %s hint: the parent’s bytes stay', async (_, hint, direct) => {
    const base = at('template', 'base.vmdk')
    await createVmdk(base, `subformat=${subformat}`)
    await writePattern(base, 0x50, '2M')
    await mendDescriptor(base, await originalDescriptor(base))
    await createChild(disk(), '../template/base.vmdk', subformat)
    await setHint(disk(), hint())
    const before = await manifest(at('template'))

    const options = { fileSearchPath: [at('template')] }
    const { original, opened, written } = await editThroughOverlay(disk(), 0x51, options)
    expect(opened.path === disk()).toBe(direct)
    expect(await hasPattern(opened.path, 0x50, '2M')).toBe(true)
    await expectMended(disk(), original, written)
    expect(await manifest(at('template'))).toEqual(before)

    const chain = await readChain(disk(), options)
    expect(chain.parents.map((link) => basename(link.descriptorPath))).toEqual(['base.vmdk'])
    const again = await openable(chain, at('scratch'))
    expect(again.path).toBe(opened.path)
    expect(await hasPattern(again.path, 0x51, '1M')).toBe(true)
    expect(await hasPattern(again.path, 0x50, '2M')).toBe(true)
    await expect(readChain(base)).resolves.toBeDefined()
  })
})

describe('what qemu reads otherwise is opened through a shadow', () => {
  test('names in another encoding', async () => {
    await createExtent(at('vm', 'Ubuntu 64 位-s001.vmdk'), '64M')
    await put(at('vm'), { 'disk.vmdk': await fixture('gbk.vmdk') })
    await expect(virtualSize(disk())).rejects.toThrow()
    const { original, opened, written } = await editThroughOverlay(disk(), 0x60)
    expect(opened.made.length).toBeGreaterThan(0)
    await expectMended(disk(), original, written)
  })

  test('an old name of a type', async () => {
    for (const name of ['disk-s001.vmdk', 'disk-s002.vmdk']) await createExtent(at('vm', name), '32M')
    await put(at('vm'), { 'disk.vmdk': await fixture('split-2gb.vmdk') })
    await expect(virtualSize(disk())).rejects.toThrow(/Unsupported image type/)
    const { opened } = await editThroughOverlay(disk(), 0x61)
    expect(await virtualSize(opened.path)).toBe(64 << 20)
  })

  test('an empty line before an extent, by which qemu takes it several times', async () => {
    await createExtent(at('vm', 'disk-s001.vmdk'), '64M')
    const text = (await fixture('gbk.vmdk')).toString('latin1').replace('Ubuntu 64 \xce\xbb', 'disk')
    await writeFile(disk(), text.replace('# Extent description', ''), 'latin1')
    expect(await virtualSize(disk())).toBeGreaterThan(64 << 20)
    const { opened } = await editThroughOverlay(disk(), 0x62)
    expect(await virtualSize(opened.path)).toBe(64 << 20)
  })

  test('a parent in a comment', async () => {
    await createVmdk(at('template', 'base.vmdk'), 'subformat=monolithicSparse')
    await writePattern(at('template', 'base.vmdk'), 0x63, '2M')
    const stolen = await readContentId(at('template', 'base.vmdk'))
    await createVmdk(disk(), 'subformat=twoGbMaxExtentSparse')
    const text = (await readFile(disk(), 'latin1'))
      .replace('version=1', `version=1\n# parentFileNameHint="${at('template', 'base.vmdk')}"`)
      .replace('parentCID=', `# parentCID=${stolen}\nparentCID=`)
    await writeFile(disk(), text, 'latin1')
    expect(await hasPattern(disk(), 0x63, '2M')).toBe(true)
    const { opened } = await editThroughOverlay(disk(), 0x64)
    expect(await hasPattern(opened.path, 0, '2M')).toBe(true)
  })
})

test('a streamOptimized disk is refused, and the command of the hint makes one that can be written', async () => {
  await createVmdk(disk(), 'subformat=streamOptimized')
  const refusal = await readChain(disk()).catch((thrown: unknown) => thrown)
  expect(refusal).toMatchObject({ code: 'DISK_TYPE_UNSUPPORTED' })
  const command = /`(qemu-img convert [^`]*)`/.exec((refusal as { hint: string }).hint)?.[1] ?? ''
  await execa('sh', ['-c', command])
  expect(await readdir(at('vm'))).toEqual(['disk-writable.vmdk', 'disk.vmdk'])
  await editThroughOverlay(at('vm', 'disk-writable.vmdk'), 0x70)
})
