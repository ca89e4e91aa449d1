import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import iconv from 'iconv-lite'
import { beforeEach, describe, expect, test } from 'vitest'
import { createChild } from '../../../src/machine/clone/child.ts'
import { cloneMachine } from '../../../src/machine/clone/machine.ts'
import { type CloneKind, readTemplate } from '../../../src/machine/clone/template.ts'
import { readChain } from '../../../src/machine/disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../../../src/machine/disk/mend.ts'
import { openable } from '../../../src/machine/disk/shadow.ts'
import { put, useDirectory } from '../../support/disks.ts'
import {
  createVmdk,
  hasPattern,
  createChild as makeSnapshotDisk,
  traces,
  writePattern,
} from '../../support/qemu.ts'
import { makeTemplate, templateVmx } from '../../support/template.ts'
import { transpiledSource } from '../../support/transpile.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)
const base = (...names: string[]) => at('vms', 'base', ...names)

beforeEach(() => mkdir(at('vms', 'node1'), { recursive: true }))

/** Children of all disks, as qemu-io opens them. */
async function linkedDisks(vmx: string): Promise<string[]> {
  const { template } = await readTemplate(vmx, 'linked')
  const paths: string[] = []
  for (const [i, { chain }] of template.disks.entries()) {
    const child = await createChild(chain, at('vms', 'node1', `node1-${i}.vmdk`))
    await mkdir(at('scratch'), { recursive: true })
    paths.push((await openable(child, at('scratch'))).path)
  }
  return paths
}

describe('with a snapshot', () => {
  const SNAPSHOT = [
    'snapshot.current = "1"',
    'snapshot0.uid = "1"',
    'snapshot0.displayName = "golden"',
    'snapshot0.disk0.fileName = "base.vmdk"',
    'snapshot0.disk0.node = "scsi0:0"',
    '',
  ].join('\n')

  /** The snapshot's disk has 0x50 at 2M and the current one 0x77 at 3M. */
  async function withSnapshot(more: readonly string[] = []): Promise<string> {
    const vmx = await makeTemplate(base(), { subformat: 'monolithicFlat' })
    const leaf = base('base-000001.vmdk')
    await makeSnapshotDisk(leaf, 'base.vmdk', 'monolithicSparse')
    await writePattern(leaf, 0x77, '3M')
    await mendDescriptor(leaf, await originalDescriptor(leaf))
    await put(base(), { 'base.vmx': templateVmx('base', ['base-000001.vmdk'], more), 'base.vmsd': SNAPSHOT })
    return vmx
  }

  const codes = async (vmx: string, kind: CloneKind) =>
    (await readTemplate(vmx, kind)).notices.map(({ code }) => code)

  test('linked clones stand on it, full ones have the current state', async () => {
    const vmx = await withSnapshot()
    expect(await codes(vmx, 'linked')).toEqual(['snapshot-cloned'])
    expect(await codes(vmx, 'full')).toEqual([])
    const leaf = async (kind: CloneKind) =>
      basename((await readTemplate(vmx, kind)).template.disks[0]?.chain.leaf.descriptorPath ?? '')
    expect(await leaf('linked')).toBe('base.vmdk')
    expect(await leaf('full')).toBe('base-000001.vmdk')
    expect(await leaf('reflink')).toBe('base-000001.vmdk')
    const [child = ''] = await linkedDisks(vmx)
    expect(await hasPattern(child, 0x50, '2M')).toBe(true)
    expect(await hasPattern(child, 0, '3M')).toBe(true)
    // The template may be started: that writes its current disk only.
    await writePattern(base('base-000001.vmdk'), 0x78, '2M')
    expect(await hasPattern(child, 0x50, '2M')).toBe(true)
    await expect(readChain(at('vms', 'node1', 'node1-0.vmdk'))).resolves.toBeDefined()
  })

  test('a disk that it does not have is refused, an independent one is cloned as it is', async () => {
    const data = ['scsi0:1.present = "TRUE"', 'scsi0:1.fileName = "data.vmdk"']
    const vmx = await withSnapshot(data)
    await createVmdk(base('data.vmdk'), 'subformat=monolithicSparse')
    await expect(readTemplate(vmx, 'linked')).rejects.toMatchObject({ code: 'SNAPSHOT_UNUSABLE', exit: 3 })
    await expect(readTemplate(vmx, 'full')).resolves.toBeDefined()
    const mode = 'scsi0:1.mode = "independent-persistent"'
    await put(base(), { 'base.vmx': templateVmx('base', ['base-000001.vmdk'], [...data, mode]) })
    expect(await codes(vmx, 'linked')).toEqual(['snapshot-cloned', 'template-not-frozen'])
  })

  test('one that the current disk does not come from is refused', async () => {
    const vmx = await withSnapshot()
    await put(base(), { 'base.vmx': templateVmx('base', ['base.vmdk']) })
    await expect(readTemplate(vmx, 'linked')).rejects.toMatchObject({ code: 'SNAPSHOT_UNUSABLE' })
  })
})

test('several disks', async () => {
  const vmx = await makeTemplate(base(), { disks: ['base.vmdk', 'data.vmdk', 'log.vmdk'] })
  for (const [i, path] of (await linkedDisks(vmx)).entries())
    expect(await hasPattern(path, 0x50 + i, '2M')).toBe(true)
})

test('a template from a Chinese Windows host: names in GBK, and a parent by a Windows path', async () => {
  await createVmdk(base('root.vmdk'), 'subformat=twoGbMaxExtentSparse').catch(() =>
    mkdir(base(), { recursive: true }),
  )
  await createVmdk(base('root.vmdk'), 'subformat=twoGbMaxExtentSparse')
  await writePattern(base('root.vmdk'), 0x50, '2M')
  await mendDescriptor(base('root.vmdk'), await originalDescriptor(base('root.vmdk')))
  const name = 'Ubuntu 64 位'
  await makeSnapshotDisk(base('leaf.vmdk'), 'root.vmdk', 'twoGbMaxExtentSparse')
  await execa('mv', [base('leaf-s001.vmdk'), base(`${name}-s001.vmdk`)])
  const text = (await readFile(base('leaf.vmdk'), 'latin1'))
    .replace('version=1', 'version=1\nencoding="GBK"')
    .replace('parentFileNameHint="root.vmdk"', 'parentFileNameHint="D:\\VMs\\base\\root.vmdk"')
    .replace('leaf-s001', iconv.encode(`${name}-s001`, 'gbk').toString('latin1'))
  await put(base(), { [`${name}.vmdk`]: Buffer.from(text, 'latin1') })
  await rm(base('leaf.vmdk'))
  const vmx = templateVmx('base', [`${name}.vmdk`]).replace('UTF-8', 'GBK')
  await writeFile(base('base.vmx'), iconv.encode(vmx, 'gbk'))

  const [child = ''] = await linkedDisks(base('base.vmx'))
  expect(await hasPattern(child, 0x50, '2M')).toBe(true)
  const own = await readChain(at('vms', 'node1', 'node1-0.vmdk'), { fileSearchPath: [base()] })
  expect(own.leaf.parentHints).toEqual([`../base/${name}.vmdk`])
  const { template } = await readTemplate(base('base.vmx'), 'linked')
  const machine = cloneMachine(template, { name: '节点', directory: at('vms', '节点') })
  expect(machine.vmx.get('scsi0:0.fileName')).toBe('节点.vmdk')
})

test('nothing in the template’s directory is opened for writing', async () => {
  const vmx = await makeTemplate(base(), {
    subformat: 'twoGbMaxExtentSparse',
    disks: ['base.vmdk', 'data.vmdk'],
  })
  const source = await transpiledSource()
  const program = join(source.directory, 'clone-program.js')
  await writeFile(
    program,
    `import { readTemplate } from './machine/clone/template.js'
     import { templateState } from './machine/clone/state.js'
     import { createChild } from './machine/clone/child.js'
     import { flatten } from './machine/clone/flatten.js'
     const [vmx, out] = process.argv.slice(2)
     const { template } = await readTemplate(vmx, 'linked')
     await templateState(template)
     for (const [i, { chain }] of template.disks.entries()) {
       await createChild(chain, out + '/child' + i + '.vmdk')
       await flatten({ path: chain.directPath, format: 'vmdk' }, out + '/flat' + i + '.vmdk', chain)
     }`,
  )
  const before = await traces(base())
  const log = at('strace.log')
  const args = [
    '-f',
    '-qq',
    '-e',
    'trace=%file',
    '-o',
    log,
    process.execPath,
    program,
    vmx,
    at('vms', 'node1'),
  ]
  await execa('strace', args).finally(source.remove)
  expect(await traces(base())).toEqual(before)
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes(base()))
  expect(lines.some((line) => line.includes('O_RDONLY'))).toBe(true)
  const writing =
    /O_WRONLY|O_RDWR|O_CREAT|\b(rename|unlink|mkdir|chmod|chown|link|symlink|truncate|utimens)(at2?|2)?\(/
  expect(lines.filter((line) => writing.test(line))).toEqual([])
})
