import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDirectory } from '../../../src/guest/directory/directory.ts'
import { CREATED, DirectoryCase, write } from '../../support/directory-case.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const scratch = scratchDirectory()
let guest: DirectoryCase

beforeEach(() => {
  guest = new DirectoryCase(scratch)
})

describe('links', () => {
  test('are resolved inside the directory', async () => {
    symlinkSync('/etc/hostname', join(guest.root, 'etc/absolute'))
    symlinkSync('../../../../../../hostname', join(guest.root, 'etc/upwards'))
    symlinkSync('/', join(guest.root, 'etc/top'))
    guest.put('hostname', 'inside\n')
    const tree = await guest.read('/etc/absolute', '/etc/upwards', '/etc/top/etc/top/hostname')
    expect(tree.text('/etc/absolute')).toBe('template\n')
    expect(tree.text('/etc/upwards')).toBe('inside\n')
    expect(tree.text('/etc/top/hostname')).toBe('inside\n')
  })

  test('that lead to themselves or nowhere end', async () => {
    symlinkSync('loop', join(guest.root, 'etc/loop'))
    symlinkSync(`${guest.outside}/hostname`, join(guest.root, 'etc/away'))
    const tree = await guest.read('/etc/loop/x', '/etc/away')
    expect(tree.exists('/etc/loop')).toBe(false)
    expect(tree.exists('/etc/away')).toBe(false)
  })

  test.each(['/link/hostname', '/etc/link', '/etc/../hostname'])(
    'are not written through: %s',
    async (path) => {
      symlinkSync('..', join(guest.root, 'link'))
      symlinkSync('../../hostname', join(guest.root, 'etc/link'))
      await expect(guest.apply(write(path, 'evil\n', CREATED))).rejects.toMatchObject({
        code: 'GUEST_PATH_UNSAFE',
      })
      expect(readFileSync(join(guest.outside, 'hostname'), 'utf8')).toBe('host\n')
    },
  )

  test('put in a directory’s place after reading lead nowhere either', async () => {
    const opened = await openDirectory(guest.root)
    await opened.read(['/var/lib/dhcp/*'])
    execFileSync('sh', ['-c', 'mv var/lib/dhcp var/lib/old && ln -s ../../.. var/lib/dhcp'], {
      cwd: guest.root,
    })
    await expect(opened.write([write('/var/lib/dhcp/hostname', 'evil\n', CREATED)])).rejects.toMatchObject({
      code: 'GUEST_PATH_UNSAFE',
    })
    await opened.close()
    expect(readFileSync(join(guest.outside, 'hostname'), 'utf8')).toBe('host\n')
  })

  test('never lead out while directories and links change places', async () => {
    guest.put('var/lib/race/hostname', 'inside\n')
    const swap = `i=0; while [ $i -lt 100 ]; do mv race held; ln -s ../../.. race; rm race; mv held race; i=$((i+1)); done`
    const running = spawn('sh', ['-c', swap], { cwd: join(guest.root, 'var/lib'), stdio: 'ignore' })
    const ended = new Promise((resolve) => running.on('exit', resolve))
    const seen = new Set<string>()
    while (running.exitCode === null) {
      const tree = await guest.read('/var/lib/race/hostname').catch(() => undefined)
      seen.add(tree?.text('/var/lib/race/hostname') ?? 'nothing')
      await guest.apply(write('/var/lib/race/hostname', 'inside\n')).catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await ended
    expect(seen).not.toContain('host\n')
    expect(readFileSync(join(guest.outside, 'hostname'), 'utf8')).toBe('host\n')
  })
})
