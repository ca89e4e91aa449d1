import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeLock } from '../../src/transaction/lock.ts'
import { recover } from '../../src/transaction/recover.ts'
import { begin } from '../../src/transaction/transaction.ts'
import { useDirectory } from '../support/disks.ts'
import { descriptors } from './program/fix.ts'

const directory = useDirectory()

test('a lock in a directory that is not there is no lock that another holds', async () => {
  await expect(takeLock(join(directory(), 'gone/lock'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('runs that begin and end at the same time refuse each other by the lock, and by nothing else', async () => {
  const again = async () => {
    const refusals: unknown[] = []
    for (let count = 0; count < 10; count++)
      try {
        await recover(directory(), { descriptors })
        await (await begin(directory(), [], { descriptors })).abort()
      } catch (error) {
        refusals.push(error)
      }
    return refusals
  }
  const refusals = await Promise.all([again(), again(), again()])
  for (const refusal of refusals.flat())
    expect(refusal).toMatchObject({
      code: 'VM_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    })
  expect(await readdir(directory())).toEqual([])
})
