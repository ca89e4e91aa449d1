import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readGolden } from '../support/golden.ts'
import { layDown, listDirectory } from '../support/golden-directory.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { transpiledCommandLine } from '../support/transpile.ts'

const { before } = readGolden('fixtures/guests/debian12-ifupdown-dhcp-to-static')
const NOBODY = 65534
const scratch = scratchDirectory()
let main: string
let work: string
let root: string

beforeAll(async () => {
  chmodSync(scratch, 0o755)
  main = await transpiledCommandLine()
})

beforeEach(() => {
  work = mkdtempSync(join(scratch, 'case-'))
  chmodSync(work, 0o755)
  root = join(work, 'guest')
  execFileSync('mkdir', [root])
  layDown(before, root)
})

const inTree = (path: string) => readFileSync(join(root, path), 'utf8')

/** Runs `vmclone-fix tree … --json` behind `prefix`, such as setpriv; gives its exit status and document. */
async function tree(args: readonly string[], prefix: readonly string[] = [], cwd = work) {
  const [file = '', ...rest] = [...prefix, process.execPath, main, 'tree', ...args, '--json', '--quiet']
  const { exitCode, stdout, stderr } = await execa(file, rest, {
    cwd,
    env: { PATH: process.env.PATH, HOME: work },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  expect(stderr).toBe('')
  const document = JSON.parse(stdout)
  return { exit: exitCode, document, clone: document.clones?.[0], error: document.error }
}

const ASKED = ['--ip', '192.168.8.12', '--hostname', 'node1', '--hosts', '192.168.8.13 node2']
const MACS = ['--old-mac', '00:0C:29:3A:5B:7C', '--mac', '00:50:56:12:34:56']

describe('a guest in a directory', () => {
  test('gets what is asked, and the document speaks of the directory', async () => {
    const { exit, document, clone } = await tree(['guest', ...ASKED, ...MACS])
    expect(exit).toBe(0)
    expect(document).toMatchObject({ version: 1, applied: true })
    expect(clone).toMatchObject({ name: 'guest', root: 'guest', status: 'fixed' })
    expect(clone).not.toHaveProperty('vmx')
    expect(clone.identity).toMatchObject({
      hostname: 'node1.localdomain',
      machineId: inTree('etc/machine-id').trim(),
      nics: [{ device: 'ethernet0', mac: '00:50:56:12:34:56', ipv4: '192.168.8.12/24', profile: 'ens33' }],
    })
    expect(clone.identity).not.toHaveProperty('uuid')
    expect(inTree('etc/hostname')).toBe('node1\n')
    expect(inTree('etc/hosts')).toMatch(/^192\.168\.8\.13\s+node2$/m)
    expect(clone.identity.machineId).not.toBe(before.text('/etc/machine-id')?.trim())
    const key = join(root, 'etc/ssh/ssh_host_ed25519_key')
    const fingerprint = execFileSync('ssh-keygen', ['-lf', key], { encoding: 'utf8' }).split(' ')[1]
    expect(clone.identity.sshHostKeys).toContainEqual({ type: 'ed25519', fingerprint })
  })

  // As root it wants /run/sshd, which lives in a namespace of its own here.
  test.runIf(process.getuid?.() === 0)(
    'gets host keys that sshd takes, where it took none before',
    async () => {
      const script = 'mount -t tmpfs tmpfs /run; mkdir /run/sshd; exec /usr/sbin/sshd -t -f /dev/null "$@"'
      const keys = ['rsa', 'ecdsa', 'ed25519'].map((type) => join(root, `etc/ssh/ssh_host_${type}_key`))
      const sshd = () =>
        execa('unshare', ['-m', 'sh', '-c', script, 'sh', ...keys.flatMap((key) => ['-h', key])], {
          reject: false,
        })
      expect((await sshd()).stderr).toContain('no hostkeys available')
      await tree(['guest', ...ASKED])
      expect(await sshd()).toMatchObject({ exitCode: 0, stderr: '' })
    },
  )

  test('is left alone by the same request when its ids are to stay', async () => {
    await tree(['guest', ...ASKED])
    const once = listDirectory(root)
    const { exit, clone } = await tree(['guest', ...ASKED, '--machine-id', 'keep', '--ssh-keys', 'keep'])
    expect([exit, clone.status, clone.changes]).toEqual([0, 'unchanged', []])
    expect(listDirectory(root)).toEqual(once)
  })

  test('keeps its name if none is given, and every MAC if none is known', async () => {
    writeFileSync(join(root, 'etc/mactab'), 'lan0 00:0c:29:3a:5b:7c\n')
    const { clone } = await tree(['guest'])
    expect(clone.identity.hostname).toBe('debian.localdomain')
    expect(clone.identity.nics[0]).not.toHaveProperty('mac')
    expect(inTree('etc/mactab')).toBe('lan0 00:0c:29:3a:5b:7c\n')
    await tree(['guest', '--nic', 'ethernet0,old-mac=00:0c:29:3a:5b:7c,mac=00:50:56:00:00:09'])
    expect(inTree('etc/mactab')).toBe('lan0 00:50:56:00:00:09\n')
  })

  test('is shown, and not touched, by a dry run', async () => {
    const untouched = listDirectory(root)
    const { exit, document, clone } = await tree(['guest', ...ASKED, '--dry-run'])
    expect([exit, document.applied, clone.status]).toEqual([0, false, 'planned'])
    expect(clone.changes).toContainEqual(expect.objectContaining({ at: 'guest', path: '/etc/hostname' }))
    expect(listDirectory(root)).toEqual(untouched)
  })

  test('has no say in how it is fixed', async () => {
    writeFileSync(join(root, 'vmclone-fix.ini'), 'hostname = mine\n')
    const { clone } = await tree(['.'], [], root)
    expect(clone.identity.hostname).toBe('debian.localdomain')
  })
})

describe('refused', () => {
  test.each([
    [['/'], 3, 'TREE_IS_SYSTEM_ROOT'],
    [['nowhere'], 2, 'TREE_NOT_FOUND'],
    [['guest/var'], 3, 'NO_OPERATING_SYSTEM'],
    [['guest', '--hostname', 'auto'], 2, 'BAD_OPTION'],
    [['guest', '--enable', 'storage-uuids'], 2, 'BAD_OPTION'],
    [['guest', '--enable', 'disk-uuid'], 2, 'BAD_OPTION'],
  ])('%s', async (args, status, code) => {
    const { exit, error } = await tree(args)
    expect([exit, error.code]).toEqual([status, code])
  })

  const inNamespace = (script: string) => ['unshare', '-m', 'sh', '-c', `${script} && exec "$@"`, 'sh']

  test('the running system’s root under another name', async () => {
    execFileSync('mkdir', [join(work, 'mnt')])
    const { exit, error } = await tree(['mnt'], inNamespace('mount --bind / mnt'))
    expect([exit, error.code]).toEqual([3, 'TREE_IS_SYSTEM_ROOT'])
  })

  test('a file of the host that is mounted into the guest', async () => {
    writeFileSync(join(work, 'hosts'), '127.0.0.1 localhost\n')
    const untouched = listDirectory(root)
    const { exit, error } = await tree(['guest', ...ASKED], inNamespace('mount --bind hosts guest/etc/hosts'))
    expect([exit, error.code]).toEqual([3, 'GUEST_PATH_UNSAFE'])
    expect(readFileSync(join(work, 'hosts'), 'utf8')).toBe('127.0.0.1 localhost\n')
    expect(listDirectory(root)).toEqual(untouched)
  })

  test('a guest on a disk of its own is none of that', async () => {
    const script =
      'mount -t tmpfs none guest/var/lib/dhcp && cp hosts guest/var/lib/dhcp/dhclient.ens33.leases'
    writeFileSync(join(work, 'hosts'), 'lease { }\n')
    const { exit, clone } = await tree(
      ['guest', '--ip', '10.0.0.5/24', '--gateway', 'none'],
      inNamespace(script),
    )
    expect([exit, clone?.status]).toEqual([0, 'fixed'])
  })
})

describe('as a user who is not root', () => {
  const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']

  test('root’s files are refused before the first write', async () => {
    const untouched = listDirectory(root)
    const { exit, error } = await tree(['guest', ...ASKED], asNobody)
    expect([exit, error.code]).toEqual([3, 'TREE_NOT_ACCESSIBLE'])
    expect(listDirectory(root)).toEqual(untouched)
  })

  test('a file that cannot be written is refused though all others could be', async () => {
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root])
    execFileSync('chown', ['root:root', join(root, 'etc/hosts')])
    const untouched = listDirectory(root)
    const { exit, error } = await tree(['guest', ...ASKED], asNobody)
    expect([exit, error.code]).toEqual([3, 'TREE_NOT_ACCESSIBLE'])
    expect(error.message).toContain('/etc/hosts')
    expect(listDirectory(root)).toEqual(untouched)
  })

  test('one’s own files are fixed, and stay one’s own', async () => {
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root])
    const { exit, clone } = await tree(['guest', ...ASKED], asNobody)
    expect([exit, clone?.status]).toEqual([0, 'fixed'])
    const owners = Object.values(listDirectory(root)).map(([attributes]) => attributes.split(' ')[2])
    expect(new Set(owners)).toEqual(new Set([`${NOBODY}:${NOBODY}`]))
  })

  test('what must belong to root is refused', async () => {
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root])
    execFileSync('rm', [join(root, 'etc/hostname')])
    const { exit, error } = await tree(['guest', ...ASKED], asNobody)
    expect([exit, error.code]).toEqual([3, 'TREE_NOT_ACCESSIBLE'])
    expect(error.message).toContain('/etc/hostname is to belong to 0:0')
  })
})
