import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { machineId } from '../../src/operations/machine-id.ts'
import { identityOf, pairOf, run, surveyOf } from '../support/clone.ts'

const OLD = 'a'.repeat(32)
const NEW = '0123456789abcdef0123456789abcdef'
const set = identityOf({ machineId: { policy: 'set', value: NEW } })
const empty = identityOf({
  machineId: { policy: 'empty' },
  sshKeys: { policy: 'set', pairs: [pairOf('rsa', 'web')] },
})
const ETC = guestFile('/etc/machine-id', `${OLD}\n`, { mode: 0o444 })
const KEY = [
  guestFile('/etc/ssh/ssh_host_rsa_key', 'old'),
  guestFile('/etc/ssh/ssh_host_rsa_key.pub', 'ssh-rsa AAAA old'),
]

function folder(path: string): GuestNode {
  return { path, kind: 'directory', mode: 0o2755, uid: 0, gid: 999, size: 4096 }
}

function link(path: string, target: string): GuestNode {
  return { path, kind: 'symlink', target, mode: 0o777, uid: 0, gid: 0, size: target.length }
}

function paths(nodes: readonly GuestNode[], identity: Identity): string[] {
  return run(surveyOf(nodes), identity, machineId).changes.map(({ kind, path }) => `${kind} ${path}`)
}

describe('machine-id', () => {
  it('replaces the id and keeps the mode', () => {
    const { changes, text } = run(surveyOf([ETC]), set, machineId)
    expect(text('/etc/machine-id')).toBe(`${NEW}\n`)
    expect(changes).toEqual([expect.not.objectContaining({ mode: expect.anything() })])
  })

  it.each(['', 'uninitialized\n', `${OLD}`, 'garbage\0'])('replaces %j', (text) => {
    expect(run(surveyOf([guestFile('/etc/machine-id', text)]), set, machineId).text('/etc/machine-id')).toBe(
      `${NEW}\n`,
    )
  })

  it('gives a D-Bus copy of its own the same id and leaves a link', () => {
    const copy = guestFile('/var/lib/dbus/machine-id', `${OLD}\n`)
    expect(run(surveyOf([ETC, copy]), set, machineId).text('/var/lib/dbus/machine-id')).toBe(`${NEW}\n`)
    expect(paths([ETC, link('/var/lib/dbus/machine-id', '/etc/machine-id')], set)).toEqual([
      'write /etc/machine-id',
    ])
  })

  it('deletes the journal of the old id and no other', () => {
    const journals = [OLD, 'b'.repeat(32), NEW, 'remote'].map((name) => folder(`/var/log/journal/${name}`))
    const { changes } = run(surveyOf([ETC, ...journals]), set, machineId)
    expect(changes[1]).toMatchObject({ kind: 'remove', path: `/var/log/journal/${OLD}`, tree: true })
    expect(changes).toHaveLength(2)
  })

  it('makes the file for systemd only', () => {
    expect(paths([], set)).toEqual([])
    const { changes } = run(surveyOf([guestFile('/usr/lib/systemd/systemd', '')]), set, machineId)
    expect(changes).toMatchObject([{ path: '/etc/machine-id', mode: 0o444, labelType: 'machineid_t' }])
  })

  it('does nothing where the id is kept, or is there', () => {
    expect(paths([ETC], identityOf({}))).toEqual([])
    expect(paths([guestFile('/etc/machine-id', `${NEW}\n`)], set)).toEqual([])
  })

  it('empties: the D-Bus copy goes too, for its id would come back', () => {
    const copy = guestFile('/var/lib/dbus/machine-id', `${OLD}\n`)
    const { changes, text } = run(
      surveyOf([ETC, copy, ...KEY, folder(`/var/log/journal/${OLD}`)]),
      empty,
      machineId,
    )
    expect(text('/etc/machine-id')).toBe('')
    expect(changes.map(({ kind }) => kind)).toEqual(['write', 'remove', 'remove'])
  })

  it.each([
    ['/etc/default/grub', `GRUB_CMDLINE_LINUX="quiet systemd.machine_id=${OLD}"\n`, 1],
    ['/boot/loader/entries/x.conf', `options root=/dev/sda1 systemd.machine_id=${OLD}\n`, 1],
    ['/etc/default/grub', `# systemd.machine_id=${OLD}\n`, 0],
  ])('tells of an id on the kernel command line: %s %j', (path, text, count) => {
    const { notices } = run(surveyOf([ETC, guestFile(path, text)]), set, machineId)
    expect(notices.map(({ code }) => code)).toEqual(Array(count).fill('machine-id-on-cmdline'))
  })
})
