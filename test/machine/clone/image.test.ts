import { readdir, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadDifference } from '../../../src/machine/clone/image.ts'
import { useDirectory } from '../../support/disks.ts'

const directory = useDirectory()

/** What this process has open below the directory. */
async function held(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd')
  const files = await Promise.all(
    numbers.map((number) => readlink(join('/proc/self/fd', number)).catch(() => '')),
  )
  return files.filter((file) => file.startsWith(directory()))
}

test('a difference is that of the stretches alone, and leaves nothing open', async () => {
  const [own, other] = [join(directory(), 'own'), join(directory(), 'other')]
  await writeFile(own, Buffer.concat([Buffer.alloc(4096, 1), Buffer.alloc(4096, 2), Buffer.alloc(4096)]))
  await writeFile(other, Buffer.alloc(4096, 9))
  expect(await loadDifference(own, other, [{ position: 4096, length: 8192 }])).toEqual({
    size: 12_288,
    parts: [{ position: 4096, bytes: Buffer.alloc(4096, 2) }],
  })
  expect(await held()).toEqual([])
})

test('a file without the other is not left open', async () => {
  const own = join(directory(), 'own')
  await writeFile(own, 'x')
  await expect(loadDifference(own, join(directory(), 'other'), [])).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await held()).toEqual([])
})
