import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { scratchDirectory } from '../support/scratch.ts'
import { transpile } from '../support/transpile.ts'
import { makeVm } from './test-vm.ts'

/** A small file system of its own in a mount namespace, which needs no root where user namespaces are allowed. */
const SCRIPT = `
set -e
mount -t tmpfs -o size="$SIZE" small "$MOUNT"
cp -a "$OLD" "$MOUNT/vm"
"$NODE" "$PROGRAM" "$ACTION" "$MOUNT/vm"
rm -f "$MOUNT/vm/filler"
qemu-img compare -f vmdk -F vmdk "$OLD/disk.vmdk" "$MOUNT/vm/disk.vmdk"
cat "$MOUNT/vm/vm.vmx" "$MOUNT/vm/gone.txt"
ls -A "$MOUNT/vm"
`

async function onSmallDisk(action: string, size: string): Promise<string[]> {
  const scratch = await scratchDirectory()
  const [old, mount, js] = ['old', 'mount', 'js'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ]
  await mkdir(old)
  await mkdir(mount)
  await makeVm(old, 'monolithicSparse')
  await transpile(['src', 'test/transaction/program'], js)
  const program = join(js, 'test/transaction/program/program.js')
  const env = { SIZE: size, MOUNT: mount, OLD: old, NODE: process.execPath, PROGRAM: program, ACTION: action }
  const { stdout } = await execa('unshare', ['--mount', '--map-root-user', 'sh', '-c', SCRIPT], { env })
  return stdout.split('\n')
}

test('a file system that fills up during the commit gets the old VM back', async () => {
  const lines = await onSmallDisk('fill', '16m')
  const steps = lines.filter((line) => line.startsWith('step '))
  expect(steps.slice(-5)).toEqual(
    [
      'step rollback',
      'step disk-back',
      'step file-back',
      'step file-back',
      'step file-back',
      'step rolled-back',
    ].slice(-5),
  )
  expect(lines.find((line) => line.startsWith('error '))).toMatch(/"code":"NO_SPACE".*"exit":4/)
  expect(lines.slice(lines.indexOf('Images are identical.'))).toEqual([
    'Images are identical.',
    'old',
    'gone',
    'disk.vmdk',
    'gone.txt',
    'vm.vmx',
  ])
})

test('a file system that is too small is found out before the commit', async () => {
  const lines = await onSmallDisk('run', '6m')
  expect(lines).not.toContain('step commit')
  expect(lines.find((line) => line.startsWith('error '))).toMatch(
    /"code":"NO_SPACE".*MiB free, the commit may need/,
  )
  expect(lines.slice(lines.indexOf('Images are identical.')).slice(1)).toEqual([
    'old',
    'gone',
    'disk.vmdk',
    'gone.txt',
    'vm.vmx',
  ])
})
