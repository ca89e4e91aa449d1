import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Guest, openGuest } from '../../src/guest/guest.ts'
import type { Change, WriteChange } from '../../src/transaction/change.ts'
import { buildDisk } from '../support/guest-disk.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const UUID = '11111111-2222-3333-4444-555555555555'
const binary = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256)
const large = Uint8Array.from({ length: 100_000 }, (_, at) => 1 + (at % 255))
let directory: string
let guest: Guest

function put(path: string, content: string | Uint8Array, mode = 0o644): void {
  const at = join(directory, 'tree', path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, content)
  chmodSync(at, mode)
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-guest-'))
  const tree = join(directory, 'tree')
  put(
    'etc/fstab',
    `# root\nUUID=${UUID} / ext4 errors=remount-ro 0 1\n/dev/sda9 none swap sw 0 0\n/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0\n`,
  )
  put('usr/lib/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n')
  symlinkSync('../usr/lib/os-release', join(tree, 'etc/os-release'))
  put('etc/hostname', 'template\n')
  put('etc/network/interfaces', 'auto lo\r\nsource interfaces.d/*\n')
  put('etc/network/interfaces.d/a b"c', 'x')
  put('etc/selinux/config', 'SELINUX=permissive\n')
  put('usr/sbin/load_policy', '', 0o755)
  put('etc/ssh/ssh_host_rsa_key', 'SECRET', 0o600)
  put('var/lib/systemd/random-seed', binary, 0o600)
  put('var/lib/dhcp/dhclient.leases', 'lease {}\n')
  execFileSync('sh', ['-c', 'printf raw > "$(printf \'bad\\377name\')"'], {
    cwd: join(tree, 'etc/network/interfaces.d'),
  })
  put('it\'s  a "$dir"/file', 'a TEMPLATE')
  put('var/large', 'template'.repeat(200_000))
  execFileSync('mkfifo', [join(tree, 'etc/pipe')])
  symlinkSync('../run/resolv.conf', join(tree, 'etc/resolv.conf'))
  symlinkSync('/etc/loop', join(tree, 'etc/loop'))
  symlinkSync('../../../../../etc/hostname', join(tree, 'etc/outside'))
  symlinkSync('/var/lib', join(tree, 'lib2'))
  for (const path of ['', 'etc', 'usr', 'var', 'etc/hostname']) chownSync(join(tree, path), 0, 0)
  lchownSync(join(tree, 'etc/hostname'), 0, 42)
  execFileSync('setfattr', [
    '-n',
    'security.selinux',
    '-v',
    'system_u:object_r:hostname_etc_t:s0\\000',
    join(tree, 'etc/hostname'),
  ])
  await buildDisk({ tree, path: join(directory, 'disk.qcow2'), uuid: UUID })
  guest = await openGuest({
    drives: [{ path: join(directory, 'disk.qcow2'), format: 'qcow2', readonly: false }],
    env,
  })
})

afterAll(async () => {
  await guest?.close()
  rmSync(directory, { recursive: true, force: true })
})

test('the root file system is found by fstab and mounted', () => {
  expect(guest.storage).toEqual([{ mountpoint: '/', device: '/dev/sda1', type: 'ext4', options: '' }])
  expect(guest.selinux).toBe(true)
})

test('a tree comes with contents, attributes, links and their targets', async () => {
  const tree = await guest.read([
    '/etc/hostname',
    '/etc/os-release',
    '/etc/network/**',
    '/etc/*',
    '/lib2/dhcp/*.leases',
    '/etc/resolv.conf',
    '/var/lib/systemd/random-seed',
    '/nowhere/*/x',
    '/etc/loop/x',
    '/etc/outside',
    { path: '/etc/ssh/ssh_host_*_key', attributes: true },
  ])
  expect(tree.entry('/etc/hostname')).toMatchObject({
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 42,
    label: 'system_u:object_r:hostname_etc_t:s0',
  })
  expect(tree.text('/etc/hostname')).toBe('template\n')
  expect(tree.text('/etc/os-release')).toContain('ID=debian')
  expect(tree.text('/etc/network/interfaces')).toBe('auto lo\r\nsource interfaces.d/*\n')
  expect(tree.text('/etc/network/interfaces.d/a b"c')).toBe('x')
  expect(tree.text('/etc/network/interfaces.d/bad\udcffname')).toBe('raw')
  expect(tree.text('/lib2/dhcp/dhclient.leases')).toBe('lease {}\n')
  expect(tree.text('/etc/outside')).toBe('template\n')
  expect(tree.entry('/etc/pipe')?.kind).toBe('other')
  expect(tree.entry('/etc/resolv.conf')).toMatchObject({ kind: 'symlink', target: '../run/resolv.conf' })
  expect(tree.exists('/etc/resolv.conf')).toBe(false)
  expect(tree.file('/var/lib/systemd/random-seed')?.content).toEqual(binary)
  expect(tree.entry('/etc/ssh/ssh_host_rsa_key')).toMatchObject({ mode: 0o600, size: 6 })
  expect(tree.entry('/etc/ssh/ssh_host_rsa_key')?.content).toBeUndefined()
})

test('files that hold a word are found below real paths, without following a link', async () => {
  const found = await guest.holding(['/etc', '/var', '/it\'s  a "$dir"'], ['template', 'secret', 'raw'])
  expect([...found.files].sort()).toEqual([
    '/etc/hostname',
    '/etc/network/interfaces.d/bad\udcffname',
    '/etc/ssh/ssh_host_rsa_key',
    '/it\'s  a "$dir"/file',
  ])
  expect(found.skipped).toEqual([{ path: '/var/large', why: 'large' }])
})

const common = { at: 'guest', operation: 'test', summary: 'test' } as const
const write = (path: string, after: string | Uint8Array, more: Partial<WriteChange> = {}): Change => ({
  ...common,
  kind: 'write',
  path,
  after: typeof after === 'string' ? Buffer.from(after) : after,
  ...more,
})
const created = { mode: 0o600, owner: { uid: 7, gid: 8 } }

test('changes are made in place, read back from the disk, and a difference is told', async () => {
  const changes: Change[] = [
    write('/etc/hostname', 'node1\n'),
    write('/etc/empty', '', created),
    write('/etc/new/deep/file', 'quotes " \\ ~ é\r\n', { ...created, labelLike: '/etc/hostname' }),
    write('/etc/typed', large, { ...created, labelType: 'net_conf_t' }),
    write('/var/lib/systemd/random-seed', binary.toReversed(), { secret: true }),
    { ...common, kind: 'link', path: '/etc/new/wants/é "unit"', target: "../it's $here" },
    { ...common, kind: 'remove', path: '/var/lib/dhcp', tree: true },
    { ...common, kind: 'remove', path: '/etc/network/interfaces.d/bad\udcffname' },
    { ...common, kind: 'remove', path: '/etc/network/interfaces' },
    write('/etc/network/interfaces', 'made anew\n', created),
  ]
  await guest.write(changes)
  expect(await guest.verify(changes)).toEqual([])
  const tree = await guest.read([
    '/etc/hostname',
    '/etc/new/**',
    '/etc/new/wants/*',
    '/etc/typed',
    '/var/lib/*',
    '/var/lib/systemd/*',
  ])
  expect(tree.entry('/etc/hostname')).toMatchObject({ gid: 42, label: 'system_u:object_r:hostname_etc_t:s0' })
  expect(tree.entry('/etc/new')).toMatchObject({ kind: 'directory', mode: 0o755, uid: 0, gid: 0 })
  expect(tree.entry('/etc/new/deep/file')).toMatchObject({
    ...created.owner,
    mode: 0o600,
    label: 'system_u:object_r:hostname_etc_t:s0',
  })
  expect(tree.entry('/etc/new/wants/é "unit"')).toMatchObject({ kind: 'symlink', target: "../it's $here" })
  expect(tree.entry('/etc/typed')?.label).toBe('system_u:object_r:net_conf_t:s0')
  expect(tree.entry('/var/lib/systemd/random-seed')?.mode).toBe(0o600)
  expect(tree.entry('/var/lib/dhcp')).toBeUndefined()
  const wrong = [
    write('/etc/hostname', 'node2\n', { mode: 0o640 }),
    write('/etc/absent', 'x'),
    { ...common, kind: 'remove', path: '/etc/fstab' } as const,
    { ...common, kind: 'link', path: '/etc/new/wants/é "unit"', target: '/elsewhere' } as const,
    { ...common, kind: 'link', path: '/etc/typed', target: '/elsewhere' } as const,
  ]
  expect((await guest.verify(wrong)).map(({ path, expected }) => [path, expected])).toEqual([
    ['/etc/hostname', 'the 6 bytes planned'],
    ['/etc/hostname', 'mode 0640'],
    ['/etc/absent', 'a file'],
    ['/etc/fstab', 'no file'],
    ['/etc/new/wants/é "unit"', 'a link to /elsewhere'],
    ['/etc/typed', 'a link to /elsewhere'],
  ])
})

test('a change through a symbolic link is refused', async () => {
  await expect(guest.write([write('/lib2/x', 'x', created)])).rejects.toMatchObject({
    code: 'GUEST_PATH_UNSAFE',
  })
})

test('what was written is on the disk after the end', async () => {
  await guest.close()
  guest = await openGuest({
    drives: [{ path: join(directory, 'disk.qcow2'), format: 'qcow2', readonly: true }],
    env,
  })
  expect((await guest.read(['/etc/hostname'])).text('/etc/hostname')).toBe('node1\n')
})
