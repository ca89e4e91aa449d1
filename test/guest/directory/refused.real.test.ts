import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDirectory } from '../../../src/guest/directory/directory.ts'
import type { Change } from '../../../src/transaction/change.ts'
import { DirectoryCase, remove, write } from '../../support/directory-case.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const scratch = scratchDirectory()
let guest: DirectoryCase

beforeEach(() => {
  guest = new DirectoryCase(scratch)
})

describe('refused before the first write', () => {
  const all = (...changes: readonly Change[]) => guest.apply(write('/etc/hostname', 'node1\n'), ...changes)
  const intact = () => expect(readFileSync(join(guest.root, 'etc/hostname'), 'utf8')).toBe('template\n')

  test('a fifo, without waiting for it', async () => {
    execFileSync('mkfifo', [join(guest.root, 'etc/pipe')])
    expect((await guest.read('/etc/*')).entry('/etc/pipe')?.kind).toBe('other')
    await expect(all(write('/etc/pipe', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a device', async () => {
    execFileSync('mknod', [join(guest.root, 'etc/null'), 'c', '1', '3'])
    await expect(all(write('/etc/null', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a file that has a name outside too', async () => {
    linkSync(join(guest.outside, 'hostname'), join(guest.root, 'etc/twice'))
    await expect(all(write('/etc/twice', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    expect(readFileSync(join(guest.outside, 'hostname'), 'utf8')).toBe('host\n')
    intact()
  })

  test('a directory that is to be a file', async () => {
    await expect(all(write('/etc', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    await expect(all(remove('/usr/bin'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a file that is too large to be put back', async () => {
    execFileSync('truncate', ['-s', '100G', guest.put('etc/huge', '')])
    expect((await guest.read('/etc/huge')).entry('/etc/huge')?.content).toBeUndefined()
    await expect(all(write('/etc/huge', 'x'))).rejects.toMatchObject({ code: 'GUEST_TOO_LARGE' })
    intact()
  })
})

describe('what is no guest', () => {
  test.each(['/', '/proc/self/root', '/usr/..'])('the running system: %s', async (path) => {
    await expect(openDirectory(path)).rejects.toMatchObject({ code: 'TREE_IS_SYSTEM_ROOT' })
  })

  test('nothing, a file, an empty directory', async () => {
    await expect(openDirectory(join(guest.root, 'absent'))).rejects.toMatchObject({ code: 'TREE_NOT_FOUND' })
    await expect(openDirectory(join(guest.root, 'etc/hostname'))).rejects.toMatchObject({
      code: 'TREE_NOT_FOUND',
    })
    await expect(openDirectory(join(guest.root, 'var'))).rejects.toMatchObject({
      code: 'NO_OPERATING_SYSTEM',
    })
  })
})
