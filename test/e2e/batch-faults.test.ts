import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { mountFilesystem, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { start } from '../support/cli.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const scratch = scratchDirectory()
const KEEP = ['--ssh-keys', 'keep', ...NETWORK]
let template: string
let table: string

beforeAll(async () => {
  const guest = await buildGuest('dhcp')
  template = await copyVm(guest.template, join(scratch, 'base'))
  table = await writeTable(join(scratch, 'nodes.csv'), ['node1', 'node2', 'node3'])
})

/** What stands in a directory of clones, without the batch's own records. */
async function standing(to: string): Promise<string[]> {
  return (await readdir(to)).filter((name) => name !== '.vmclone-fix-batch' && name !== 'lost+found').sort()
}

test('a disk that fills up in the middle: the finished stay whole, the others leave nothing, and the rest can be made later', async () => {
  const directory = join(scratch, 'full')
  await mkdir(directory)
  const to = await mountFilesystem(directory, ['mkfs.ext4', '-q', '-F', '-m', '0'], 1150)
  const run = await runBatch([table, '--template', template, '--to', to, '--clone', 'full', ...KEEP])
  expect(run.exit, run.stderr).toBe(5)
  const failed = run.clones.filter(({ status }) => status === 'failed')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(3)
  for (const { error } of failed) expect(error).toMatchObject({ code: 'NO_SPACE' })
  const done = run.clones.filter(({ status }) => status === 'fixed').map(({ name }) => name)
  expect(await standing(to)).toEqual(done)
  for (const name of done)
    await execa('qemu-img', ['check', '-q', '-f', 'vmdk', join(to, name, `${name}.vmdk`)])
})

/** Starts a batch, and ends it by a signal when it says something on stderr. */
async function endAt(says: string, signal: 'SIGINT' | 'SIGKILL', args: readonly string[]) {
  const child = start(['batch', ...args])
  const heard = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      if (String(chunk).includes(says)) resolve()
    })
  })
  await Promise.race([heard, child])
  child.kill(signal)
  return child
}

test.each(['linked', 'full'])(
  'interrupted, it leaves finished clones alone and nothing half made (%s)',
  async (kind) => {
    const to = join(scratch, `interrupted-${kind}`)
    const args = [table, '--template', template, '--to', to, '--clone', kind, ...KEEP]
    const { exitCode, stdout } = await endAt('writing the changes', 'SIGINT', args)
    expect(exitCode).toBe(130)
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'INTERRUPTED',
      message: 'interrupted; 0 of 3 clones are finished',
      hint: expect.stringContaining('--resume'),
    })
    expect(await standing(to)).toEqual([])
  },
)

test('killed after full clones were copied ahead, it starts over and leaves none of those copies', async () => {
  const to = join(scratch, 'ahead')
  const args = [table, '--template', template, '--to', to, '--clone', 'full', ...KEEP]
  const { signal } = await endAt('reading the guest', 'SIGKILL', args)
  expect(signal).toBe('SIGKILL')
  const copied = (await standing(to)).filter((name) => /^\.vmclone-fix-[0-9a-f]{8}-node\d$/.test(name))
  expect(copied).toHaveLength(3)
  const run = await runBatch([...args, '--resume'])
  expect(run, run.stderr).toMatchObject({ exit: 0 })
  expect(await standing(to)).toEqual(['node1', 'node2', 'node3'])
})

test('a template that may only be read, and two batches on it at a time', async () => {
  const readonly = join(scratch, 'readonly')
  await mkdir(readonly)
  await execa('mount', ['--bind', join(scratch, 'base'), readonly])
  onTestFinished(async () => {
    await execa('umount', [readonly])
  })
  await execa('mount', ['-o', 'remount,bind,ro', readonly])
  const to = join(scratch, 'both')
  const other = await writeTable(join(scratch, 'others.csv'), ['other1', 'other2'], 31)
  const args = ['--template', join(readonly, 'template.vmx'), '--to', to, '--clone', 'linked', ...KEEP]
  const runs = await Promise.all([runBatch([table, ...args]), runBatch([other, ...args])])
  for (const run of runs) expect(run, run.stderr).toMatchObject({ exit: 0 })
  expect(await standing(to)).toEqual(['node1', 'node2', 'node3', 'other1', 'other2'])
  const macs = runs.flatMap(({ clones }) => clones.map(({ identity }) => identity.nics[0]?.mac))
  expect(new Set(macs).size).toBe(5)
})

test('a template that was written to since the batch began is refused, and so is a directory that is there', async () => {
  const base = join(scratch, 'changing')
  // Its guest has a domain, which its clones get.
  await cp((await buildGuest('static')).template, base, { recursive: true })
  const to = join(scratch, 'resumed')
  const args = ['--template', join(base, 'template.vmx'), '--to', to, '--clone', 'linked', ...KEEP]
  const first = await runBatch([table, ...args])
  expect(first, first.stderr).toMatchObject({ exit: 0 })
  const again = await runBatch([table, ...args])
  expect(again.exit).toBe(2)
  expect(again.error?.faults).toHaveLength(3)
  const lines = join(scratch, 'lines')
  const kept = await runBatch([table, ...args, '--resume', '--hosts-out', lines])
  expect(await readFile(lines, 'utf8')).toContain('\n192.168.8.12\tnode2.example.test node2\n')
  expect(kept.clones.map(({ status, kept }) => [status, kept])).toEqual(Array(3).fill(['unchanged', true]))
  expect(kept.clones.map(({ identity }) => identity)).toEqual(first.clones.map(({ identity }) => identity))
  const other = await writeTable(join(scratch, 'moved.csv'), ['node1', 'node2', 'node3'], 12)
  const moved = await runBatch([other, ...args, '--resume'])
  expect(moved).toMatchObject({ exit: 2, error: { code: 'TABLE_INVALID' } })
  expect(moved.error?.faults).toMatchObject([
    { line: 2, column: 'ip', message: 'the clone was made by an earlier run, with 192.168.8.11/24' },
    { line: 3, column: 'ip', message: 'the clone was made by an earlier run, with 192.168.8.12/24' },
    { line: 4, column: 'ip', message: 'the clone was made by an earlier run, with 192.168.8.13/24' },
  ])
  await execa('qemu-io', ['-f', 'vmdk', '-c', 'write -P 1 1536M 64k', join(base, 'template.vmdk')])
  await execa('rm', ['-r', join(to, 'node3')])
  const refused = await runBatch([table, ...args, '--resume'])
  expect(refused).toMatchObject({ exit: 3, error: { code: 'TEMPLATE_CHANGED' } })
  expect(await standing(to)).toEqual(['node1', 'node2'])
})

test('rows that name a clone are fixed in place, and one failure does not stop the others', async () => {
  await mkdir(join(scratch, 'copies'))
  const vmx = await copyVm(join(scratch, 'base'), join(scratch, 'copies', 'one'))
  const broken = await copyVm(join(scratch, 'base'), join(scratch, 'copies', 'two'))
  await execa('truncate', ['-s', '100K', broken.replace('template.vmx', 'template-s001.vmdk')])
  const file = join(scratch, 'present.csv')
  await writeFile(file, `name,ip,vmx\none,192.168.8.71/24,${vmx}\ntwo,192.168.8.72/24,${broken}\n`)
  const run = await runBatch([file, ...KEEP])
  expect(run.exit, run.stderr).toBe(5)
  expect(run.clones.map(({ name, status }) => [name, status])).toEqual([
    ['one', 'fixed'],
    ['two', 'failed'],
  ])
})
