import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { NicAddressing } from '../../src/network/model.ts'
import { hosts } from '../../src/operations/hosts.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'

const DEBIAN = '127.0.0.1\tlocalhost\n127.0.1.1\ttpl.lan\ttpl\n'
const V6 = '\n# IPv6\n::1     localhost ip6-localhost ip6-loopback\n'

function guest(text: string | undefined, name = 'tpl', nsswitch = 'hosts:  files dns\n'): Survey {
  return surveyOf([
    ...(text === undefined ? [] : [guestFile('/etc/hosts', text)]),
    guestFile('/etc/hostname', `${name}\n`),
    guestFile('/etc/nsswitch.conf', nsswitch),
  ])
}

function moved(now: NicAddressing, addressing: NicAddressing): Pick<Identity, 'nics'> {
  const profile = {
    dialect: 'ifupdown',
    name: 'ens33',
    file: '/etc/network/interfaces',
    now,
    defaultRoute: true,
  }
  return { nics: [nicOf({ profile, addressing })] }
}

const at = (address: string): NicAddressing => ({ ipv4: { method: 'static', address, prefix: 24 } })
const dhcp: NicAddressing = { ipv4: { method: 'dhcp' } }
const web = { hostname: { short: 'web' } }

function edit(text: string, more: Partial<Identity>, name?: string, nsswitch?: string): string | undefined {
  return run(guest(text, name, nsswitch), identityOf(more), hosts).text('/etc/hosts')
}

describe('hosts', () => {
  it.each<[string, string, Partial<Identity>, string]>([
    ['renames FQDN and short name', DEBIAN + V6, web, `127.0.0.1\tlocalhost\n127.0.1.1\tweb.lan\tweb\n${V6}`],
    [
      'takes a new domain',
      DEBIAN,
      { hostname: { short: 'web', fqdn: 'web.b.org' } },
      '127.0.0.1\tlocalhost\n127.0.1.1\tweb.b.org\tweb\n',
    ],
    [
      'takes a domain where there was none',
      '127.0.0.1 localhost\n127.0.1.1\ttpl # me\n',
      { hostname: { short: 'web', fqdn: 'web.b.org' } },
      '127.0.0.1 localhost\n127.0.1.1\tweb.b.org web # me\n',
    ],
    [
      'leaves names that only resemble the old one',
      '10.0.0.1 tpl1 tpl-a xtpl tpl.other # tpl\n127.0.1.1 tpl\n',
      web,
      '10.0.0.1 tpl1 tpl-a xtpl tpl.other # tpl\n127.0.1.1 web\n',
    ],
    ['leaves comments', '# tpl 127.0.1.1 tpl\n127.0.1.1 TPL\n', web, '# tpl 127.0.1.1 tpl\n127.0.1.1 web\n'],
    [
      'keeps CRLF',
      '127.0.0.1 localhost\r\n127.0.1.1 tpl\r\n',
      web,
      '127.0.0.1 localhost\r\n127.0.1.1 web\r\n',
    ],
    [
      'moves the old address',
      `${DEBIAN}10.0.0.5\ttpl-db\n`,
      moved(at('10.0.0.5'), at('10.0.9.6')),
      `${DEBIAN}10.0.9.6\ttpl-db\n`,
    ],
    [
      'lets an outdated own line follow the new address',
      '192.168.1.133 tpl.lan tpl\n',
      { ...web, ...moved(dhcp, at('10.0.9.6')) },
      '10.0.9.6 web.lan web\n',
    ],
    [
      'sends an own line to 127.0.1.1 for DHCP',
      '127.0.0.1 localhost\n10.0.0.5  tpl\n',
      { ...web, ...moved(at('10.0.0.5'), dhcp) },
      '127.0.0.1 localhost\n127.0.1.1 web\n',
    ],
    [
      'makes no twin of an own line',
      '127.0.1.1 tpl\n10.0.0.5 tpl\n',
      { ...web, ...moved(at('10.0.0.5'), dhcp) },
      '127.0.1.1 web\n',
    ],
    [
      'adds an own line with the address',
      '127.0.0.1\tlocalhost\n',
      { ...web, ...moved(dhcp, at('10.0.9.6')) },
      '127.0.0.1\tlocalhost\n10.0.9.6\tweb\n',
    ],
    [
      'adds an own line without an address',
      `127.0.0.1\tlocalhost\n${V6}`,
      web,
      `127.0.0.1\tlocalhost\n127.0.1.1\tweb\n${V6}`,
    ],
    [
      'adds an entry',
      '127.0.1.1 tpl\n',
      { hosts: [{ address: '10.0.0.7', names: ['db', 'sql'] }] },
      '127.0.1.1 tpl\n10.0.0.7 db sql\n',
    ],
    [
      'corrects an entry’s address',
      '10.0.0.1 db.lan db # x\n',
      { hosts: [{ address: '10.0.0.7', names: ['db'] }] },
      '10.0.0.7 db.lan db # x\n',
    ],
    [
      'completes an entry’s names',
      '10.0.0.7 db # x\n',
      { hosts: [{ address: '10.0.0.7', names: ['db', 'sql'] }] },
      '10.0.0.7 db sql # x\n',
    ],
    [
      'leaves other hosts of a shared line where they are',
      '10.0.0.1 db cache\n',
      { hosts: [{ address: '10.0.0.7', names: ['db'] }] },
      '10.0.0.1 cache\n10.0.0.7 db\n',
    ],
    [
      'leaves no second line for a name',
      '10.0.0.1 db\n10.0.0.2 sql db\n',
      { hosts: [{ address: '10.0.0.7', names: ['db'] }] },
      '10.0.0.7 db\n10.0.0.2 sql\n',
    ],
    [
      'leaves the other family alone',
      '::5 db\n10.0.0.1 db\n',
      { hosts: [{ address: '::7', names: ['db'] }] },
      '::7 db\n10.0.0.1 db\n',
    ],
    [
      'takes an entry for the clone itself',
      DEBIAN,
      { ...web, ...moved(dhcp, at('10.0.9.6')), hosts: [{ address: '10.0.9.6', names: ['web'] }] },
      '127.0.0.1\tlocalhost\n10.0.9.6\tweb.lan\tweb\n',
    ],
    ['never renames localhost', '127.0.0.1 localhost tpl\n', web, '127.0.0.1 localhost web\n'],
  ])('%s', (_, before, more, after) => {
    expect(edit(before, more)).toBe(after)
  })

  it('adds no own line where nss-myhostname resolves the name', () => {
    const stock = '127.0.0.1   localhost localhost.localdomain\n'
    expect(edit(stock, web, 'localhost.localdomain', 'hosts:  files myhostname dns\n')).toBe(stock)
  })

  it('does not take localhost for the old name', () => {
    const stock = '127.0.0.1 localhost localhost.localdomain\n'
    expect(edit(stock, web, 'localhost.localdomain')).toBe(`${stock}127.0.1.1 web\n`)
  })

  it('makes the file if there is none', () => {
    const { changes } = run(guest(undefined), identityOf(web), hosts)
    expect(changes).toMatchObject([
      { kind: 'write', path: '/etc/hosts', mode: 0o644, owner: { uid: 0, gid: 0 } },
    ])
    expect(run(guest(undefined), identityOf({}), hosts).changes).toEqual([])
  })

  it('leaves a link that leads nowhere, and says so', () => {
    const link = {
      path: '/etc/hosts',
      kind: 'symlink',
      target: '/run/hosts',
      mode: 0o777,
      uid: 0,
      gid: 0,
      size: 10,
    } as const
    const { changes, notices } = run(surveyOf([link]), identityOf(web), hosts)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['file-left']])
  })

  it('edits what a link leads to', () => {
    const survey = surveyOf([
      { path: '/etc/hosts', kind: 'symlink', target: 'hosts.real', mode: 0o777, uid: 0, gid: 0, size: 10 },
      guestFile('/etc/hosts.real', '127.0.1.1 tpl\n'),
      guestFile('/etc/hostname', 'tpl\n'),
    ])
    expect(run(survey, identityOf(web), hosts).changes).toMatchObject([{ path: '/etc/hosts.real' }])
  })
})

const word = fc.constantFrom('tpl', 'tpl.lan', 'web', 'db', 'db.lan', 'localhost', 'tpl1', 'cache')
const address = fc.constantFrom('127.0.0.1', '127.0.1.1', '10.0.0.5', '10.0.0.6', '::1', '10.0.0.7')
const line = fc
  .tuple(
    address,
    fc.constantFrom(' ', '\t', '   '),
    fc.array(word, { maxLength: 3 }),
    fc.constantFrom('', ' # tpl', '\r'),
  )
  .map(([ip, gap, names, rest]) => ip + gap + names.join(gap) + rest)
const file = fc
  .array(fc.oneof(line, fc.constantFrom('', '# 10.0.0.5 tpl', '\t')), { maxLength: 8 })
  .map((all) => all.join('\n'))
const identities = fc.record({
  name: fc.constantFrom(undefined, { short: 'web' }, { short: 'web', fqdn: 'web.b.org' }),
  to: fc.constantFrom(undefined, dhcp, at('10.0.0.6'), at('10.0.0.5')),
  entries: fc.array(
    fc.record({
      address: fc.constantFrom('10.0.0.7', '10.0.0.5', '::7'),
      names: fc.uniqueArray(fc.constantFrom('db', 'db.lan', 'cache', 'tpl1'), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 1 },
  ),
})

describe('hosts, for any file', () => {
  test.prop([file, identities], { numRuns: 400 })(
    'twice is once, comments stay, and the old name is gone',
    (text, { name, to, entries }) => {
      const more = { ...(name && { hostname: name }), ...(to && moved(at('10.0.0.5'), to)), hosts: entries }
      const identity = identityOf(more)
      const once = run(guest(text), identity, hosts)
      const comments = (all: string): string[] => all.split(/\r?\n/).filter((each) => each.startsWith('#'))
      expect(comments(once.text('/etc/hosts') ?? '')).toEqual(comments(text))
      const again = guest(once.text('/etc/hosts'), name?.short ?? 'tpl')
      expect(run(again, identity, hosts).changes).toEqual([])
      if (name && !entries.some((entry) => entry.names.some((each) => each.startsWith('tpl')))) {
        expect(once.text('/etc/hosts')).not.toMatch(/^[^#\n]*[ \t]tpl(?![\w.-])/m)
      }
    },
  )
})
