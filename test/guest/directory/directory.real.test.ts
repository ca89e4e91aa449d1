import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDirectory } from '../../../src/guest/directory/directory.ts'
import type { Change, WriteChange } from '../../../src/transaction/change.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const scratch = scratchDirectory()
let outside: string
let root: string

beforeEach(() => {
  outside = mkdtempSync(join(scratch, 'case-'))
  root = join(outside, 'guest')
  put('etc/os-release', 'ID=debian\n')
  put('etc/hostname', 'template\n')
  put('usr/bin/true', '')
  put('var/lib/dhcp/dhclient.leases', 'lease {}\n')
  writeFileSync(join(outside, 'hostname'), 'host\n')
})

function put(path: string, text: string, mode = 0o644): string {
  const at = join(root, path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, text)
  chmodSync(at, mode)
  return at
}

const common = { at: 'guest', operation: 'test', summary: 'test' } as const
const write = (path: string, text: string, more: Partial<WriteChange> = {}): Change => {
  return { ...common, kind: 'write', path, after: Buffer.from(text), ...more }
}
const remove = (path: string, tree = false): Change => ({ ...common, kind: 'remove', path, tree })
const created = { mode: 0o640, owner: { uid: 7, gid: 8 } }

/** Makes changes, and lets them stand if they can all be made and are found again. */
async function apply(...changes: readonly Change[]): Promise<void> {
  const guest = await openDirectory(root)
  try {
    await guest.write(changes)
    expect(await guest.verify(changes)).toEqual([])
    guest.commit()
  } finally {
    await guest.close()
  }
}

async function read(...paths: readonly string[]) {
  const guest = await openDirectory(root)
  return guest.read(paths).finally(() => guest.close())
}

describe('links', () => {
  test('are resolved inside the directory', async () => {
    symlinkSync('/etc/hostname', join(root, 'etc/absolute'))
    symlinkSync('../../../../../../hostname', join(root, 'etc/upwards'))
    symlinkSync('/', join(root, 'etc/top'))
    put('hostname', 'inside\n')
    const tree = await read('/etc/absolute', '/etc/upwards', '/etc/top/etc/top/hostname')
    expect(tree.text('/etc/absolute')).toBe('template\n')
    expect(tree.text('/etc/upwards')).toBe('inside\n')
    expect(tree.text('/etc/top/hostname')).toBe('inside\n')
  })

  test('that lead to themselves or nowhere end', async () => {
    symlinkSync('loop', join(root, 'etc/loop'))
    symlinkSync(`${outside}/hostname`, join(root, 'etc/away'))
    const tree = await read('/etc/loop/x', '/etc/away')
    expect(tree.exists('/etc/loop')).toBe(false)
    expect(tree.exists('/etc/away')).toBe(false)
  })

  test.each(['/link/hostname', '/etc/link', '/etc/../hostname'])(
    'are not written through: %s',
    async (path) => {
      symlinkSync('..', join(root, 'link'))
      symlinkSync('../../hostname', join(root, 'etc/link'))
      await expect(apply(write(path, 'evil\n', created))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
      expect(readFileSync(join(outside, 'hostname'), 'utf8')).toBe('host\n')
    },
  )

  test('put in a directory’s place after reading lead nowhere either', async () => {
    const guest = await openDirectory(root)
    await guest.read(['/var/lib/dhcp/*'])
    execFileSync('sh', ['-c', 'mv var/lib/dhcp var/lib/old && ln -s ../../.. var/lib/dhcp'], { cwd: root })
    await expect(guest.write([write('/var/lib/dhcp/hostname', 'evil\n', created)])).rejects.toMatchObject({
      code: 'GUEST_PATH_UNSAFE',
    })
    await guest.close()
    expect(readFileSync(join(outside, 'hostname'), 'utf8')).toBe('host\n')
  })

  test('never lead out while directories and links change places', async () => {
    put('var/lib/race/hostname', 'inside\n')
    const swap = `i=0; while [ $i -lt 100 ]; do mv race held; ln -s ../../.. race; rm race; mv held race; i=$((i+1)); done`
    const running = spawn('sh', ['-c', swap], { cwd: join(root, 'var/lib'), stdio: 'ignore' })
    const ended = new Promise((resolve) => running.on('exit', resolve))
    const seen = new Set<string>()
    while (running.exitCode === null) {
      const tree = await read('/var/lib/race/hostname').catch(() => undefined)
      seen.add(tree?.text('/var/lib/race/hostname') ?? 'nothing')
      await apply(write('/var/lib/race/hostname', 'inside\n')).catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await ended
    expect(seen).not.toContain('host\n')
    expect(readFileSync(join(outside, 'hostname'), 'utf8')).toBe('host\n')
  })
})

describe('writing', () => {
  test('is in place; new files and their directories get what they should', async () => {
    const before = statSync(put('etc/owned', 'a long old content\n', 0o604))
    chownSync(join(root, 'etc/owned'), 5, 6)
    await apply(
      write('/etc/owned', 'new\n'),
      write('/etc/hostname', 'node1\n', { mode: 0o4711, owner: { uid: 3, gid: 4 } }),
      write('/etc/new/deep/file', '', created),
      remove('/var/lib/dhcp', true),
      write('/var/lib/dhcp/again', 'x', created),
    )
    expect(statSync(join(root, 'etc/owned'))).toMatchObject({
      ino: before.ino,
      mode: before.mode,
      uid: 5,
      gid: 6,
    })
    expect(statSync(join(root, 'etc/hostname'))).toMatchObject({ mode: 0o104711, uid: 3, gid: 4 })
    expect(statSync(join(root, 'etc/new/deep'))).toMatchObject({ mode: 0o40755, uid: 0, gid: 0 })
    expect(statSync(join(root, 'etc/new/deep/file'))).toMatchObject({ mode: 0o100640, uid: 7, gid: 8 })
    expect(readdirSync(join(root, 'var/lib/dhcp'))).toEqual(['again'])
    expect(readdirSync(join(root, 'var/lib'))).toEqual(['dhcp'])
  })

  test('that fails half-way puts everything back, times included', async () => {
    execFileSync('sh', ['-c', `printf raw > "$(printf 'var/lib/dhcp/bad\\377\nname')"`], { cwd: root })
    utimesSync(join(root, 'etc/hostname'), 1000, 2000)
    const before = picture()
    execFileSync('chattr', ['+i', join(root, 'usr/bin/true')])
    try {
      const changes = [
        write('/etc/hostname', 'node1\n', { mode: 0o600, owner: { uid: 1, gid: 1 } }),
        remove('/var/lib/dhcp', true),
        write('/var/lib/new/file', 'x', created),
        remove('/usr/bin/true'),
      ]
      await expect(apply(...changes)).rejects.toMatchObject({ code: 'TREE_WRITE_FAILED' })
    } finally {
      execFileSync('chattr', ['-i', join(root, 'usr/bin/true')])
    }
    expect(picture()).toEqual(before)
    expect(statSync(join(root, 'etc/hostname')).mtimeMs).toBe(2_000_000)
  })

  test('is taken back when it is not committed', async () => {
    const before = picture()
    const guest = await openDirectory(root)
    await guest.write([
      write('/etc/hostname', 'node1\n'),
      remove('/etc/os-release'),
      write('/new', '', created),
    ])
    expect(existsSync(join(root, 'new'))).toBe(true)
    await guest.close()
    expect(picture()).toEqual(before)
  })

  test('is read back: what differs is told', async () => {
    const guest = await openDirectory(root)
    const wrong = [
      write('/etc/hostname', 'other\n', { mode: 0o600 }),
      write('/absent', ''),
      remove('/usr/bin/true'),
    ]
    expect((await guest.verify(wrong)).map(({ path, expected }) => [path, expected])).toEqual([
      ['/etc/hostname', 'the 6 bytes planned'],
      ['/etc/hostname', 'mode 0600'],
      ['/absent', 'a file'],
      ['/usr/bin/true', 'no file'],
    ])
    await guest.close()
  })

  test('labels new files of a guest with SELinux', async () => {
    put('etc/selinux/config', 'SELINUX=enforcing\n')
    put('usr/sbin/load_policy', '', 0o755)
    const label = (path: string, type: string) =>
      execFileSync('setfattr', [
        '-n',
        'security.selinux',
        '-v',
        `system_u:object_r:${type}:s0\\000`,
        join(root, path),
      ])
    label('etc', 'etc_t')
    label('etc/hostname', 'hostname_etc_t')
    await apply(
      write('/etc/hostname', 'node1\n'),
      write('/etc/like', 'x', { ...created, labelLike: '/etc/hostname' }),
      write('/etc/typed', 'x', { ...created, labelType: 'net_conf_t' }),
      write('/etc/sub/inherits', 'x', created),
    )
    const types = ['hostname', 'like', 'typed', 'sub', 'sub/inherits'].map((path) =>
      execFileSync('getfattr', ['--only-values', '-n', 'security.selinux', join(root, 'etc', path)], {
        stdio: 'pipe',
      })
        .toString()
        .split(':')
        .at(2),
    )
    expect(types).toEqual(['hostname_etc_t', 'hostname_etc_t', 'net_conf_t', 'etc_t', 'etc_t'])
  })
})

describe('refused before the first write', () => {
  const all = (...changes: readonly Change[]) => apply(write('/etc/hostname', 'node1\n'), ...changes)
  const intact = () => expect(readFileSync(join(root, 'etc/hostname'), 'utf8')).toBe('template\n')

  test('a fifo, without waiting for it', async () => {
    execFileSync('mkfifo', [join(root, 'etc/pipe')])
    expect((await read('/etc/*')).entry('/etc/pipe')?.kind).toBe('other')
    await expect(all(write('/etc/pipe', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a device', async () => {
    execFileSync('mknod', [join(root, 'etc/null'), 'c', '1', '3'])
    await expect(all(write('/etc/null', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a file that has a name outside too', async () => {
    linkSync(join(outside, 'hostname'), join(root, 'etc/twice'))
    await expect(all(write('/etc/twice', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    expect(readFileSync(join(outside, 'hostname'), 'utf8')).toBe('host\n')
    intact()
  })

  test('a directory that is to be a file', async () => {
    await expect(all(write('/etc', 'x'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    await expect(all(remove('/usr/bin'))).rejects.toMatchObject({ code: 'GUEST_PATH_UNSAFE' })
    intact()
  })

  test('a file that is too large to be put back', async () => {
    execFileSync('truncate', ['-s', '100G', put('etc/huge', '')])
    expect((await read('/etc/huge')).entry('/etc/huge')?.content).toBeUndefined()
    await expect(all(write('/etc/huge', 'x'))).rejects.toMatchObject({ code: 'GUEST_TOO_LARGE' })
    intact()
  })
})

describe('what is no guest', () => {
  test.each(['/', '/proc/self/root', '/usr/..'])('the running system: %s', async (path) => {
    await expect(openDirectory(path)).rejects.toMatchObject({ code: 'TREE_IS_SYSTEM_ROOT' })
  })

  test('nothing, a file, an empty directory', async () => {
    await expect(openDirectory(join(root, 'absent'))).rejects.toMatchObject({ code: 'TREE_NOT_FOUND' })
    await expect(openDirectory(join(root, 'etc/hostname'))).rejects.toMatchObject({ code: 'TREE_NOT_FOUND' })
    await expect(openDirectory(join(root, 'var'))).rejects.toMatchObject({ code: 'NO_OPERATING_SYSTEM' })
  })
})

/** Every path with its attributes and content, names as bytes. */
function picture(): string {
  const script = `find . -printf '%p %y %m %U:%G %i %l\\n' | LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort`
  return execFileSync('sh', ['-c', script], { cwd: root, encoding: 'latin1' })
}
