import { lstat, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLONE_NAME_BYTES } from '../../../src/machine/clone/names.ts'
import { openPlaces } from '../../../src/workflow/batch/places.ts'
import { useDirectory } from '../../support/disks.ts'

const directory = useDirectory()
const names = async () => (await readdir(directory())).sort()

test('a published directory stays, all others go, and a directory that was made for nothing too', async () => {
  const to = join(directory(), 'vms')
  const first = await openPlaces(to)
  await first.close()
  expect(await names()).toEqual([])
  const places = await openPlaces(to)
  const [kept, lost] = [await places.working('kept'), await places.working('lost')]
  await writeFile(join(kept, 'a'), 'a')
  await writeFile(join(lost, 'b'), 'b')
  await places.publish(kept, 'kept')
  await places.close()
  expect((await readdir(to)).filter((name) => name !== '.vmclone-fix-batch')).toEqual(['kept'])
  expect(await readdir(join(to, 'kept'))).toEqual(['a'])
})

test('a clone may be called as what a batch works with', async () => {
  const places = await openPlaces(directory())
  const [mold, clone] = [await places.working('mold'), await places.working('mold')]
  expect(clone).not.toBe(mold)
  await places.publish(clone, 'mold')
  await places.close()
  expect((await names()).filter((name) => name !== '.vmclone-fix-batch')).toEqual(['mold'])
})

test('a name that has come to be there is not taken over', async () => {
  const places = await openPlaces(directory())
  const working = await places.working('one')
  await mkdir(join(directory(), 'one'))
  await expect(places.publish(working, 'one')).rejects.toMatchObject({ code: 'TARGET_EXISTS' })
  await places.close()
  expect(await readdir(join(directory(), 'one'))).toEqual([])
})

test('a link that leads nowhere has its name too', async () => {
  const places = await openPlaces(directory())
  const working = await places.working('one')
  await symlink('nowhere', join(directory(), 'one'))
  await expect(places.publish(working, 'one')).rejects.toMatchObject({ code: 'TARGET_EXISTS' })
  await places.close()
  expect((await lstat(join(directory(), 'one'))).isSymbolicLink()).toBe(true)
})

test('what a dead batch left goes, what a living one works on stays', async () => {
  const dead = join(directory(), '.vmclone-fix-0123abcd-node1')
  await mkdir(dead)
  const living = await openPlaces(directory())
  const working = await living.working('node2')
  await mkdir(dead, { recursive: true })
  const other = await openPlaces(directory())
  expect(await stat(dead).catch(() => undefined)).toBeUndefined()
  expect((await stat(working)).isDirectory()).toBe(true)
  await Promise.all([living.close(), other.close()])
  expect((await names()).filter((name) => name !== '.vmclone-fix-batch')).toEqual([])
})

test('what could not be made is not taken away either', async () => {
  const places = await openPlaces(directory())
  const found = (await places.working('one')).replace(/one$/, 'two')
  await mkdir(found)
  await expect(places.working('two')).rejects.toMatchObject({ code: 'EEXIST' })
  await places.close()
  expect((await stat(found)).isDirectory()).toBe(true)
})

test('the longest name that a clone may have leaves room for that of its working directory', async () => {
  const places = await openPlaces(directory())
  const working = await places.working('n'.repeat(CLONE_NAME_BYTES))
  await places.publish(working, 'n'.repeat(CLONE_NAME_BYTES))
  await places.close()
})

test('batches that begin and end at the same time do not take each other’s ground away', async () => {
  await writeFile(join(directory(), 'file'), '')
  const again = async () => {
    for (let count = 0; count < 50; count++) await (await openPlaces(directory())).close()
  }
  await Promise.all([again(), again(), again(), again()])
  expect(await names()).toEqual(['file'])
})

test('a target that is no directory is refused', async () => {
  const file = join(directory(), 'file')
  await writeFile(file, '')
  await expect(openPlaces(file)).rejects.toMatchObject({ code: 'TARGET_UNUSABLE' })
  await expect(openPlaces(join(file, 'below'))).rejects.toMatchObject({ code: 'TARGET_UNUSABLE' })
})
