import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { readTemplate, type Template } from '../../../src/machine/clone/template.ts'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { originalDescriptor } from '../../../src/machine/disk/mend.ts'
import { Blanks } from '../../../src/workflow/batch/blanks.ts'
import { finishDisks, makeWorkDisks, type WorkDisks } from '../../../src/workflow/batch/disks.ts'
import { moldOfBlanks } from '../../../src/workflow/batch/mold-blanks.ts'
import { openPlaces, type Places } from '../../../src/workflow/batch/places.ts'
import { Run } from '../../../src/workflow/run.ts'
import { put, useDirectory } from '../../support/disks.ts'
import { createChild, traces, writePattern } from '../../support/qemu.ts'
import { makeTemplate } from '../../support/template.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
let places: Places

beforeEach(async () => {
  places = await openPlaces(at('vms'))
})

afterEach(() => places.close())

function blanksOf(template: Template, names: readonly string[], signal?: AbortSignal): Blanks {
  const run = new Run({ rows: [], ...(signal === undefined ? {} : { signal }) }, { vmx: template.vmxPath })
  return new Blanks({ run, template, places }, names)
}

/** An edit as a guest makes it: over data, into grains that are new, between both, zeros over data, and to the last sector. */
async function edit({ drives }: WorkDisks): Promise<void> {
  for (const { path } of drives) {
    const size = (await info(path, 'qcow2'))['virtual-size']
    const writes = [
      ...['write -P 1 2M 4k', 'write -P 2 2100k 512', 'write -P 3 2112k 200k', 'write -P 4 3000000000 3M'],
      ...['write -P 5 7M 1k', 'write -z 8M 64k', 'write -z 40M 1M', `write -P 6 ${size - 512} 512`],
    ]
    await execa('qemu-io', ['-f', 'qcow2', ...writes.flatMap((one) => ['-c', one]), path])
  }
}

async function info(path: string, format: string): Promise<{ 'virtual-size': number }> {
  const { stdout } = await execa('qemu-img', ['info', '-f', format, '--output=json', path])
  return JSON.parse(stdout) as { 'virtual-size': number }
}

async function idsOf(path: string): Promise<(string | undefined)[]> {
  const document = DescriptorDocument.parse(await originalDescriptor(path))
  return [document.get('CID'), document.get('ddb.longContentID')]
}

/** What stands beside the clones, unfinished. */
async function left(): Promise<string[]> {
  return (await readdir(places.to)).filter((name) => name !== '.vmclone-fix-batch')
}

/** Edits a mold as a batch does; its disks as they are made without blanks, and those of two clones made of blanks. */
async function makeBoth(template: Template) {
  const blanks = blanksOf(template, ['node1', 'node2', 'node3'])
  const home = await places.working('mold')
  const work = await makeWorkDisks(template, home, 'mold')
  await edit(work)
  const form = await moldOfBlanks({ places }, blanks, 'node1', { work, directory: home, places: [] })
  expect(form).toMatchObject({ missed: [], places: [] })
  const plain = await places.working('plain')
  const again = await makeWorkDisks(template, plain, 'plain')
  await edit(again)
  const molds = await finishDisks(template, again, plain, 'plain')
  // The first has the mold's edit already, the fourth was not made ahead.
  const clones = new Map<string, string>()
  for (const name of ['node1', 'node3', 'other']) clones.set(name, (await form.disksOf(name)).directory)
  await blanks.close()
  return { clones, molds: molds.map(({ leaf }) => leaf.descriptorPath) }
}

async function expectSame(clones: ReadonlyMap<string, string>, molds: readonly string[]): Promise<void> {
  const ids: unknown[] = []
  for (const [name, home] of clones)
    for (const [index, mold] of molds.entries()) {
      const path = join(home, index === 0 ? `${name}.vmdk` : `${name}-${index}.vmdk`)
      await execa('qemu-img', ['compare', '-f', 'vmdk', '-F', 'vmdk', path, mold])
      const { leaf, parents } = await readChain(path)
      expect(parents).toEqual([])
      const { leaf: other } = await readChain(mold)
      expect(leaf).toMatchObject({ createType: other.createType, plain: true })
      for (const file of leaf.files) expect(dirname(file)).toBe(home)
      if (/Sparse/.test(leaf.createType)) await execa('qemu-img', ['check', '-q', '-f', 'vmdk', path])
      ids.push(...(await idsOf(path)))
    }
  expect(ids).not.toContain(undefined)
  expect(new Set(ids).size).toBe(ids.length)
}

describe('clones made of blanks hold what copies of the mold hold', () => {
  test.each(['monolithicSparse', 'twoGbMaxExtentSparse', 'monolithicFlat', 'twoGbMaxExtentFlat'])(
    'on %s',
    async (subformat) => {
      const vmx = await makeTemplate(at('base'), { subformat, size: '5G' })
      const before = await traces(at('base'))
      const { template } = await readTemplate(vmx, 'full')
      const { clones, molds } = await makeBoth(template)
      expect((await left()).length).toBe(clones.size + 1)
      await expectSame(clones, molds)
      expect(await traces(at('base'))).toEqual(before)
    },
  )

  test('on a disk of ESXi', async () => {
    const vmx = await makeTemplate(at('base'), { subformat: 'monolithicFlat', size: '5G' })
    const { stdout } = await execa('cat', [at('base', 'base.vmdk')])
    const esxi = `${stdout.replace('monolithicFlat', 'vmfsThin').replace('FLAT', 'VMFS')}\n`
    await put(at('base'), { 'base.vmdk': esxi })
    const { template } = await readTemplate(vmx, 'full')
    const { clones, molds } = await makeBoth(template)
    await expectSame(clones, molds)
  })

  test('on two disks, one of them with a snapshot, at a place whose name is no plain one', async () => {
    const home = at('the template’s, "copied"')
    const vmx = await makeTemplate(home, { disks: ['base.vmdk', 'data.vmdk'], size: '5G' })
    await createChild(join(home, 'base-000001.vmdk'), 'base.vmdk', 'monolithicSparse')
    await writePattern(join(home, 'base-000001.vmdk'), 0x77, '4M')
    const { stdout } = await execa('cat', [vmx])
    await writeFile(vmx, stdout.replace('"base.vmdk"', '"base-000001.vmdk"'))
    const { template } = await readTemplate(vmx, 'full')
    const { clones, molds } = await makeBoth(template)
    expect(molds).toHaveLength(2)
    await expectSame(clones, molds)
  })
})

describe('blanks that nobody takes', () => {
  const NAMES = ['node1', 'node2', 'node3', 'node4']
  const template = async () =>
    (await readTemplate(await makeTemplate(at('base'), { subformat: 'monolithicFlat' }), 'full')).template

  test('go, those in the making too', async () => {
    const blanks = blanksOf(await template(), NAMES)
    const { directory: kept } = await blanks.of('node1')
    blanks.release('node1')
    await blanks.close()
    expect(await left()).toEqual([kept.slice(places.to.length + 1)])
    await blanks.close()
    expect(await readdir(kept)).toEqual(['node1-flat.vmdk', 'node1.vmdk'])
  })

  test('go one by one, and make room for an edited clone of that name', async () => {
    const blanks = blanksOf(await template(), NAMES)
    const { directory: gone } = await blanks.of('node2')
    await blanks.discard('node2')
    expect(await places.working('node2')).toBe(gone)
    // No more are made ahead, but each when it is asked for.
    const { disks } = await blanks.of('node4')
    expect(disks).toHaveLength(1)
    expect((await left()).filter((name) => name.endsWith('node3'))).toEqual([])
    await blanks.close()
    expect(await left()).toEqual([gone.slice(places.to.length + 1)])
  })

  test('go when the run is interrupted', async () => {
    const controller = new AbortController()
    const blanks = blanksOf(await template(), NAMES, controller.signal)
    controller.abort()
    await expect(blanks.of('node1')).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await blanks.close()
    expect(await left()).toEqual([])
  })

  test('go when the template cannot be flattened, and each clone is told why', async () => {
    const broken = await template()
    await mkdir(at('elsewhere'))
    await execa('mv', [at('base', 'base-flat.vmdk'), at('elsewhere')])
    const blanks = blanksOf(broken, NAMES)
    for (const name of NAMES) await expect(blanks.of(name)).rejects.toMatchObject({ code: 'QEMU_IMG_FAILED' })
    await blanks.close()
    expect(await left()).toEqual([])
  })
})
