import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { type CloneJson, run } from '../support/cli.ts'
import { readGuest } from '../support/disk.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { differences, type Manifest } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** What stands for the capitals in each row of docs/customise.md that has commands, by what is on its left. */
const ROWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "--run-command 'CMD'": { CMD: 'echo one | tr o 0 >/etc/by-sh' },
  '--run SCRIPT': { SCRIPT: './by-run' },
  '--upload FILE:DEST': { FILE: './site.conf', DEST: '/etc/site.conf' },
  '--copy-in DIR:DEST': { DIR: './site', DEST: '/opt' },
  '--write FILE:TEXT': { FILE: '/etc/motd', TEXT: 'made by hand' },
  '--append-line FILE:LINE': { FILE: '/etc/host.conf', LINE: 'kept by nobody' },
  '--mkdir DIR': { DIR: '/srv/a/b' },
  '--touch FILE': { FILE: '/etc/touched' },
  '--truncate FILE': { FILE: '/etc/profile' },
  '--move FROM:TO': { FROM: '/etc/issue', TO: '/etc/issue.old' },
  '--copy FROM:TO': { FROM: '/etc/debian_version', TO: '/etc/version' },
  '--delete PATH': { PATH: '/etc/systemd/user' },
  "--delete 'PATTERN'": { PATTERN: '/etc/rc0.d/K*' },
  '--link TARGET:LINK': { TARGET: '/etc/motd', LINK: '/etc/motd.link' },
  '--chmod MODE:FILE': { MODE: '0600', FILE: '/etc/motd' },
  '--edit FILE:EXPR': { FILE: '/etc/version', EXPR: 's/1/2/' },
  '--timezone ZONE': { ZONE: 'Europe/Rome' },
  '--install PKG': { PKG: './own' },
  '--selinux-relabel': {},
}

/** These cannot be compared: virt-customize has no network for them here, or does them in guests with SELinux alone. */
const ALONE = ['--install PKG', '--selinux-relabel']

/** What dpkg writes besides the package's files. */
const DPKG = /^\/var\/(lib|cache|log|backups)\//

const scratch = scratchDirectory()
let template: Manifest
let ours: Manifest
let theirs: Manifest
let clone: CloneJson

/** The table's rows: the left cell's text, and the right cell's commands. */
function documented(): Map<string, readonly string[]> {
  const [, table = ''] = readFileSync('docs/customise.md', 'utf8').split('## Beside virt-customize')
  const rows = table.matchAll(/^\| `(--[^`]+)`[^|]* \| (.*) \|$/gm)
  return new Map(
    [...rows].map(([, left = '', right = '']) => [
      left,
      [...right.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
    ]),
  )
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\b[A-Z]+\b/g, (word) => values[word] ?? word)
}

/** A package whose script starts a program that does not end. */
async function buildPackage(): Promise<void> {
  const tree = join(scratch, 'package')
  await mkdir(join(tree, 'DEBIAN'), { recursive: true })
  await mkdir(join(tree, 'opt'))
  await writeFile(join(tree, 'opt', 'own'), 'own\n')
  const control = ['Package: own', 'Version: 1', 'Architecture: all', 'Maintainer: own', 'Description: own']
  await writeFile(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\n`)
  await writeFile(
    join(tree, 'DEBIAN', 'postinst'),
    '#!/bin/sh\ncd /etc && sleep 1000 <&- >/dev/null 2>&1 &\n',
    { mode: 0o755 },
  )
  await execa('dpkg-deb', ['--root-owner-group', '--build', tree, join(scratch, 'own.deb')])
}

beforeAll(async () => {
  const guest = (await buildGuest('dhcp')).template
  await buildPackage()
  await mkdir(join(scratch, 'site', 'pages'), { recursive: true })
  await writeFile(join(scratch, 'site', 'pages', 'index'), 'index\n')
  await writeFile(join(scratch, 'site.conf'), 'server {}\n')
  await chmod(join(scratch, 'site.conf'), 0o644)
  await writeFile(join(scratch, 'by-run'), '#!/bin/sh\necho two >/etc/by-run\n', { mode: 0o755 })

  const lines = [...documented()].flatMap(([left, commands]) => {
    const values = ROWS[left]
    return values === undefined ? [] : commands.map((command) => fill(command, values))
  })
  await writeFile(join(scratch, 'all.gf'), `${lines.join('\n')}\n`)
  const vmx = await copyVm(guest, join(scratch, 'ours'))
  const done = await run([vmx, '--with', join(scratch, 'all.gf')])
  expect(done).toMatchObject({ exit: 0 })
  clone = done.clone

  await copyVm(guest, join(scratch, 'theirs'))
  const disk = join(scratch, 'theirs', 'template.vmdk')
  const args = Object.entries(ROWS)
    .filter(([left]) => !ALONE.includes(left))
    .flatMap(([left, values]) => {
      const [, option = '', value = ''] = /^(\S+) '?([^']*)'?$/.exec(left) ?? []
      return [option, fill(value, values)]
    })
  await execa(
    'virt-customize',
    ['-q', '--no-network', '--no-logfile', '--format', 'vmdk', '-a', disk, ...args],
    {
      cwd: scratch,
      env: { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' },
    },
  )
  template = (await readGuest(join(guest, 'template.vmdk'), scratch)).manifest
  ours = (await readGuest(join(scratch, 'ours', 'template.vmdk'), scratch)).manifest
  theirs = (await readGuest(disk, scratch)).manifest
})

test('each row of the table that has commands is tried here, and no other', () => {
  const rows = [...documented()].filter(([, commands]) => commands.length > 0).map(([left]) => left)
  expect(Object.keys(ROWS)).toEqual(rows)
})

test('the commands do what virt-customize does with its options', () => {
  const planned = new Set(clone.changes.map(({ path }) => path))
  const alone = (path: string) =>
    planned.has(path) || DPKG.test(path) || ['/opt/own', '/.autorelabel'].includes(path)
  const changed = differences(template, ours).filter((path) => !alone(path))
  expect(changed.length).toBeGreaterThan(15)
  const left = differences(template, theirs).filter((path) => !alone(path))
  const both = [...new Set([...changed, ...left])].sort()
  expect(both.map((path) => [path, ours.get(path)])).toEqual(both.map((path) => [path, theirs.get(path)]))
})

test('a package is installed, and what it started holds nothing up', () => {
  expect(ours.get('/opt/own')).toMatch(/^100644 0 0 4 /)
  expect(ours.get('/var/lib/dpkg/info/own.list')).toBeDefined()
  expect(ours.has('/tmp/x.deb')).toBe(false)
})

test('the guest is asked to label what was made without labels', () => {
  expect(ours.get('/.autorelabel')).toMatch(/^100644 0 0 0 /)
  expect(ours.get('/etc/site.conf')).not.toContain('selinux')
})
