import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { transpiledSource } from '../../support/transpile.ts'

test('a disk on a file system that is mounted read-only: the hint says so', async () => {
  const { directory, remove } = await transpiledSource()
  const module = pathToFileURL(join(directory, 'machine/disk/sparse.js')).href
  const program = `
    import { constants } from 'node:fs'
    import { openDiskFile } from ${JSON.stringify(module)}
    const { message, code, hint } = await openDiskFile('/mnt/a.vmdk', constants.O_RDWR).catch((error) => error)
    console.log(JSON.stringify({ message, code, hint }))`
  const script =
    'mount -t tmpfs none /mnt && touch /mnt/a.vmdk && mount -o remount,ro /mnt && exec "$0" --input-type=module -e "$1"'
  try {
    const { stdout } = await execa('unshare', [
      ...['--map-root-user', '--mount', 'sh', '-c', script, process.execPath, program],
    ])
    expect(JSON.parse(stdout)).toEqual({
      message: '/mnt/a.vmdk cannot be written (EROFS)',
      code: 'DISK_NOT_ACCESSIBLE',
      hint: 'Mount the file system writable.',
    })
  } finally {
    await remove()
  }
})
