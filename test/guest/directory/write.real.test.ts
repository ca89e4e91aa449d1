import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readlinkSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDirectory } from '../../../src/guest/directory/directory.ts'
import { CREATED, DirectoryCase, link, remove, write } from '../../support/directory-case.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const scratch = scratchDirectory()
let guest: DirectoryCase

beforeEach(() => {
  guest = new DirectoryCase(scratch)
})

describe('writing', () => {
  test('is in place; new files and their directories get what they should', async () => {
    const before = statSync(guest.put('etc/owned', 'a long old content\n', 0o604))
    chownSync(join(guest.root, 'etc/owned'), 5, 6)
    await guest.apply(
      write('/etc/owned', 'new\n'),
      write('/etc/hostname', 'node1\n', { mode: 0o4711, owner: { uid: 3, gid: 4 } }),
      write('/etc/new/deep/file', '', CREATED),
      remove('/var/lib/dhcp', true),
      write('/var/lib/dhcp/again', 'x', CREATED),
      link('/etc/wants/unit', '/usr/\udcff'),
      remove('/usr/bin/true'),
      link('/usr/bin/true', 'false'),
    )
    expect(statSync(join(guest.root, 'etc/owned'))).toMatchObject({
      ino: before.ino,
      mode: before.mode,
      uid: 5,
      gid: 6,
    })
    expect(statSync(join(guest.root, 'etc/hostname'))).toMatchObject({ mode: 0o104711, uid: 3, gid: 4 })
    expect(statSync(join(guest.root, 'etc/new/deep'))).toMatchObject({ mode: 0o40755, uid: 0, gid: 0 })
    expect(statSync(join(guest.root, 'etc/new/deep/file'))).toMatchObject({ mode: 0o100640, uid: 7, gid: 8 })
    expect(readlinkSync(join(guest.root, 'etc/wants/unit'), 'buffer')).toEqual(
      Buffer.from('/usr/\xff', 'latin1'),
    )
    expect(readlinkSync(join(guest.root, 'usr/bin/true'))).toBe('false')
    expect(readdirSync(join(guest.root, 'var/lib/dhcp'))).toEqual(['again'])
    expect(readdirSync(join(guest.root, 'var/lib'))).toEqual(['dhcp'])
  })

  test('that fails half-way puts everything back, times included', async () => {
    execFileSync('sh', ['-c', `printf raw > "$(printf 'var/lib/dhcp/bad\\377\nname')"`], { cwd: guest.root })
    utimesSync(join(guest.root, 'etc/hostname'), 1000, 2000)
    const before = guest.picture()
    execFileSync('chattr', ['+i', join(guest.root, 'usr/bin/true')])
    try {
      const changes = [
        write('/etc/hostname', 'node1\n', { mode: 0o600, owner: { uid: 1, gid: 1 } }),
        remove('/var/lib/dhcp', true),
        write('/var/lib/new/file', 'x', CREATED),
        remove('/usr/bin/true'),
      ]
      await expect(guest.apply(...changes)).rejects.toMatchObject({ code: 'TREE_WRITE_FAILED' })
    } finally {
      execFileSync('chattr', ['-i', join(guest.root, 'usr/bin/true')])
    }
    expect(guest.picture()).toEqual(before)
    expect(statSync(join(guest.root, 'etc/hostname')).mtimeMs).toBe(2_000_000)
  })

  test('is taken back when it is not committed', async () => {
    const before = guest.picture()
    const opened = await openDirectory(guest.root)
    await opened.write([
      write('/etc/hostname', 'node1\n'),
      remove('/etc/os-release'),
      write('/new', '', CREATED),
      link('/etc/wants/unit', '/new'),
    ])
    expect(existsSync(join(guest.root, 'new'))).toBe(true)
    await opened.close()
    expect(guest.picture()).toEqual(before)
  })

  test('is read back: what differs is told', async () => {
    const opened = await openDirectory(guest.root)
    const wrong = [
      write('/etc/hostname', 'other\n', { mode: 0o600 }),
      write('/absent', ''),
      remove('/usr/bin/true'),
    ]
    expect((await opened.verify(wrong)).map(({ path, expected }) => [path, expected])).toEqual([
      ['/etc/hostname', 'the 6 bytes planned'],
      ['/etc/hostname', 'mode 0600'],
      ['/absent', 'a file'],
      ['/usr/bin/true', 'no file'],
    ])
    await opened.close()
  })

  test('labels new files of a guest with SELinux', async () => {
    guest.put('etc/selinux/config', 'SELINUX=enforcing\n')
    guest.put('usr/sbin/load_policy', '', 0o755)
    const label = (path: string, type: string) =>
      execFileSync('setfattr', [
        '-n',
        'security.selinux',
        '-v',
        `system_u:object_r:${type}:s0\\000`,
        join(guest.root, path),
      ])
    label('etc', 'etc_t')
    label('etc/hostname', 'hostname_etc_t')
    await guest.apply(
      write('/etc/hostname', 'node1\n'),
      write('/etc/like', 'x', { ...CREATED, labelLike: '/etc/hostname' }),
      write('/etc/typed', 'x', { ...CREATED, labelType: 'net_conf_t' }),
      write('/etc/sub/inherits', 'x', CREATED),
      link('/etc/sub/unit', '../hostname'),
    )
    const types = ['hostname', 'like', 'typed', 'sub', 'sub/inherits', 'sub/unit'].map((path) =>
      execFileSync(
        'getfattr',
        ['--only-values', '-h', '-n', 'security.selinux', join(guest.root, 'etc', path)],
        {
          stdio: 'pipe',
        },
      )
        .toString()
        .split(':')
        .at(2),
    )
    expect(types).toEqual(['hostname_etc_t', 'hostname_etc_t', 'net_conf_t', 'etc_t', 'etc_t', 'etc_t'])
  })
})
