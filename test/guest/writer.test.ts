import { expect, test } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { commandsFor } from '../../src/guest/writer.ts'
import type { FileChange } from '../../src/transaction/change.ts'

const common = { at: 'guest', operation: 'test', summary: 'test' } as const
const remove = (path: string, tree = false): FileChange => ({ ...common, kind: 'remove', path, tree })
const link = (path: string): FileChange => ({ ...common, kind: 'link', path, target: 't' })
const write = (path: string): FileChange => ({
  ...common,
  kind: 'write',
  path,
  after: Buffer.from('new'),
  mode: 0o600,
  owner: { uid: 1, gid: 2 },
})
const filled = (path: string) => [`chown 1 2 ${path}`, `chmod 0600 ${path}`, `write ${path} new`]
const directory = (path: string) => [`mkdir ${path}`, `chmod 0755 ${path}`, `chown 0 0 ${path}`]

const there = (path: string): GuestNode => ({ ...guestFile(path, ''), kind: 'directory', mode: 0o755 })
const tree = new GuestTree([
  there('/etc'),
  there('/etc/d'),
  guestFile('/etc/d/f', 'f'),
  guestFile('/etc/f', 'f'),
])

test.each<[string, FileChange[], string[]]>([
  ['a file that is there is written in place', [write('/etc/f')], filled('/etc/f')],
  ['one that is not is made', [write('/etc/new')], ['touch /etc/new', ...filled('/etc/new')]],
  [
    'one that was removed is made anew',
    [remove('/etc/f'), write('/etc/f'), write('/etc/f')],
    ['rm-f /etc/f', 'touch /etc/f', ...filled('/etc/f'), ...filled('/etc/f')],
  ],
  [
    'a file comes in place of a directory',
    [remove('/etc/d', true), write('/etc/d')],
    ['rm-rf /etc/d', 'touch /etc/d', ...filled('/etc/d')],
  ],
  [
    'a directory that was removed is made anew',
    [remove('/etc/d', true), write('/etc/d/f')],
    ['rm-rf /etc/d', ...directory('/etc/d'), 'touch /etc/d/f', ...filled('/etc/d/f')],
  ],
  [
    'one that was made and removed too',
    [link('/etc/n/l'), remove('/etc/n', true), link('/etc/n/l')],
    [...directory('/etc/n'), 'ln-s t /etc/n/l', 'rm-rf /etc/n', ...directory('/etc/n'), 'ln-s t /etc/n/l'],
  ],
])('%s', async (_, changes, expected) => {
  const commands = await commandsFor(tree, changes, false, '/nowhere')
  expect(commands.map((command) => command.map(String).join(' '))).toEqual(expected)
})

test('what is made anew takes a label as what is new does', async () => {
  const label = 'system_u:object_r:etc_t:s0'
  const labelled = tree.nodes().map((node) => ({ ...node, label: node.path === '/etc' ? label : 'old' }))
  const commands = await commandsFor(
    new GuestTree(labelled),
    [remove('/etc/f'), write('/etc/f')],
    true,
    '/nowhere',
  )
  expect(commands).toContainEqual(['lsetxattr', 'security.selinux', label, `${label.length + 1}`, '/etc/f'])
})
