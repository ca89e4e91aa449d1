import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import { hostKeysOf, hostKeyTypes, pemTypes } from '../../src/operations/host-keys.ts'
import { sshHostKeys } from '../../src/operations/ssh-host-keys.ts'
import { identityOf, pairOf, run, surveyOf } from '../support/clone.ts'

const pairs = ['rsa', 'ecdsa', 'ed25519'].map((type) => pairOf(type, 'web'))
const set = identityOf({ sshKeys: { policy: 'set', pairs } })
const remove = identityOf({
  sshKeys: { policy: 'delete' },
  machineId: { policy: 'set', value: 'b'.repeat(32) },
})
const ID = guestFile('/etc/machine-id', `${'a'.repeat(32)}\n`)

function key(type: string, name = `ssh_host_${type}_key`): GuestNode[] {
  const { privateKey, publicKey } = pairOf(type, 'tpl')
  const path = `/etc/ssh/${name}`
  return [
    guestFile(path, Buffer.from(privateKey).toString(), { mode: 0o600 }),
    guestFile(`${path}.pub`, Buffer.from(publicKey).toString()),
  ]
}

describe('ssh-host-keys', () => {
  it('replaces every type that is there, in place, and no other', () => {
    const { changes, after, text } = run(surveyOf([...key('rsa'), ...key('ed25519')]), set, sshHostKeys)
    expect(changes.map(({ path }) => path)).toEqual([
      '/etc/ssh/ssh_host_ed25519_key',
      '/etc/ssh/ssh_host_ed25519_key.pub',
      '/etc/ssh/ssh_host_rsa_key',
      '/etc/ssh/ssh_host_rsa_key.pub',
    ])
    expect(text('/etc/ssh/ssh_host_rsa_key')).toBe('private rsa web\n')
    expect(after.guest.tree.entry('/etc/ssh/ssh_host_rsa_key')?.mode).toBe(0o600)
    expect(run(after, set, sshHostKeys).changes).toEqual([])
  })

  it('marks private keys as secret, and only them', () => {
    const { changes } = run(surveyOf(key('rsa')), set, sshHostKeys)
    expect(changes.map(({ secret }) => secret)).toEqual([true, undefined])
  })

  it('replaces empty files', () => {
    const nodes = [guestFile('/etc/ssh/ssh_host_rsa_key', ''), guestFile('/etc/ssh/ssh_host_rsa_key.pub', '')]
    expect(run(surveyOf(nodes), set, sshHostKeys).changes).toHaveLength(2)
  })

  it('deletes DSA pairs, and certificates with a notice', () => {
    const cert = guestFile('/etc/ssh/ssh_host_rsa_key-cert.pub', 'ssh-rsa-cert-v01@openssh.com AAAA')
    const { changes, notices } = run(surveyOf([...key('dsa'), ...key('rsa'), cert]), set, sshHostKeys)
    expect(changes.filter(({ kind }) => kind === 'remove').map(({ path }) => path)).toEqual([
      '/etc/ssh/ssh_host_dsa_key',
      '/etc/ssh/ssh_host_dsa_key.pub',
      cert.path,
    ])
    expect(notices.map(({ code }) => code)).toEqual(['ssh-certificate-removed'])
  })

  it('deletes a key of SSH protocol 1, and an empty file of no known type', () => {
    const v1 = guestFile('/etc/ssh/ssh_host_key', 'SSH PRIVATE KEY FILE FORMAT 1.1\n\0\0')
    const nodes = [
      v1,
      guestFile('/etc/ssh/ssh_host_key.pub', '2048 35 123'),
      guestFile('/etc/ssh/ssh_host_new_key', ''),
    ]
    const { changes, notices } = run(surveyOf(nodes), set, sshHostKeys)
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      nodes.map(({ path }) => `remove ${path}`),
    )
    expect(notices).toEqual([])
  })

  it('keeps owner and mode, as RHEL has them', () => {
    const nodes = key('rsa').map((node) => ({ ...node, mode: 0o640, gid: 998 }))
    const { after } = run(surveyOf(nodes), set, sshHostKeys)
    expect(after.guest.tree.entry('/etc/ssh/ssh_host_rsa_key')).toMatchObject({
      mode: 0o640,
      uid: 0,
      gid: 998,
    })
  })

  describe('where an SSH server has no keys', () => {
    const server = guestFile('/usr/sbin/sshd', '')
    const dpkg = guestFile('/var/lib/dpkg/status', '')

    it('makes them for a Debian guest, once', () => {
      const survey = surveyOf([ID, server, dpkg])
      expect(hostKeyTypes(survey.guest.tree)).toEqual(['rsa', 'ecdsa', 'ed25519'])
      const { changes, notices, after } = run(survey, set, sshHostKeys)
      expect(changes.map(({ path }) => path)).toEqual(
        ['rsa', 'ecdsa', 'ed25519'].flatMap((type) => [
          `/etc/ssh/ssh_host_${type}_key`,
          `/etc/ssh/ssh_host_${type}_key.pub`,
        ]),
      )
      expect(changes[0]).toMatchObject({ secret: true, mode: 0o600, owner: { uid: 0, gid: 0 } })
      expect(changes[1]).not.toHaveProperty('secret')
      expect(notices.map(({ code }) => code)).toEqual(['ssh-keys-made'])
      expect(run(after, set, sshHostKeys)).toMatchObject({ changes: [], notices: [] })
    })

    it.each([
      ['the guest makes them itself', [server]],
      ['there is no server', [dpkg]],
      ['sshd_config names others', [server, dpkg, guestFile('/etc/ssh/sshd_config', 'HostKey /opt/key\n')]],
    ])('makes none where %s', (_, nodes) => {
      const survey = surveyOf([ID, ...nodes])
      expect(hostKeyTypes(survey.guest.tree)).toEqual([])
      expect(run(survey, set, sshHostKeys).changes).toEqual([])
    })
  })

  it('replaces keys that sshd_config names, and tells of those that are not looked at', () => {
    const config = guestFile(
      '/etc/ssh/sshd_config',
      'Port 22\n#HostKey /etc/ssh/x_key\nhostkey "/etc/ssh/keys/site_key_ecdsa"\nHostKey /opt/keys/rsa\n',
    )
    const { changes, notices } = run(
      surveyOf([config, ...key('ecdsa', 'keys/site_key_ecdsa')]),
      set,
      sshHostKeys,
    )
    expect(changes.map(({ path }) => path)).toEqual([
      '/etc/ssh/keys/site_key_ecdsa',
      '/etc/ssh/keys/site_key_ecdsa.pub',
    ])
    expect(notices).toMatchObject([
      { code: 'ssh-key-left', message: expect.stringContaining('/opt/keys/rsa') },
    ])
  })

  it('tells of a type for which there is no new key', () => {
    const { changes, notices } = run(
      surveyOf([guestFile('/etc/ssh/ssh_host_xmss_key', '?')]),
      set,
      sshHostKeys,
    )
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['ssh-key-left']])
  })

  it('deletes on request, with a warning', () => {
    const nodes = [ID, ...key('rsa')]
    const once = run(surveyOf(nodes), remove, sshHostKeys)
    expect(once.changes.map(({ kind }) => kind)).toEqual(['remove', 'remove'])
    expect(once.notices.map(({ code }) => code)).toEqual(['ssh-keys-deleted'])
  })

  it('does nothing where keys are kept', () => {
    expect(run(surveyOf(key('rsa')), identityOf({}), sshHostKeys).changes).toEqual([])
  })
})

describe('hostKeysOf', () => {
  const blob = Buffer.from('openssh-key-v1\0...ssh-ed25519...').toString('base64')
  it.each([
    ['ssh_host_rsa_key', '', 'rsa'],
    ['ssh_host_key', '-----BEGIN EC PRIVATE KEY-----\n', 'ecdsa'],
    ['ssh_host_site_key', '-----BEGIN RSA PRIVATE KEY-----\n', 'rsa'],
    [
      'ssh_host_own_key',
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${blob}\n-----END OPENSSH PRIVATE KEY-----\n`,
      'ed25519',
    ],
    ['ssh_host_odd_key', 'nonsense', undefined],
  ])('tells the type of %s', (name, text, type) => {
    const config = guestFile('/etc/ssh/sshd_config', `HostKey /etc/ssh/${name}\n`)
    const { tree } = surveyOf([config, guestFile(`/etc/ssh/${name}`, text)]).guest
    expect(hostKeysOf(tree).map((found) => found.type)).toEqual([type])
  })

  it('lists the types to make, DSA and unknown ones left out', () => {
    const odd = guestFile('/etc/ssh/ssh_host_odd_key', '')
    const { tree } = surveyOf([...key('ed25519'), ...key('dsa'), ...key('rsa'), odd]).guest
    expect(hostKeyTypes(tree)).toEqual(['rsa', 'ed25519'])
  })
})

describe('pemTypes', () => {
  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nMII=\n', ['rsa']],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3B=\n', []],
    ['', []],
  ])('of %j', (text, types) => {
    const { tree } = surveyOf([guestFile('/etc/ssh/ssh_host_rsa_key', text), ...key('ecdsa')]).guest
    expect(pemTypes(tree)).toEqual(types)
  })
})
