import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../../src/guest/tree.ts'
import type { Profile } from '../../../src/network/model.ts'
import type { Survey } from '../../../src/operations/survey.ts'
import { enabled, openIn, SERVED } from '../../support/ssh-guest.ts'

const OWN = '/etc/firewalld/zones/public.xml'
const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
const zone = (children: string, attributes = '') =>
  `${HEAD}<zone${attributes}>\n  <short>Public</short>\n${children}</zone>\n`
const SSH = '  <service name="ssh"/>\n'
const conf = (text = 'DefaultZone=public\n') => guestFile('/etc/firewalld/firewalld.conf', text)

const open = (nodes: readonly GuestNode[], sshd = '', guest: Partial<Survey['guest']> = {}) =>
  openIn([...SERVED, enabled('firewalld.service'), guestFile('/etc/ssh/sshd_config', sshd), ...nodes], guest)

describe('the zone gets', () => {
  it.each([
    [
      'the service, behind others',
      zone('  <service name="cockpit"/>\n  <forward/>\n'),
      zone(`  <service name="cockpit"/>\n${SSH}  <forward/>\n`),
      '',
    ],
    ['the service, where it has none', zone('  <!-- own -->\n'), zone(`${SSH}  <!-- own -->\n`), ''],
    [
      'the port, if it is another',
      zone(SSH),
      zone(`${SSH}  <port port="2222" protocol="tcp"/>\n`),
      'Port 2222\n',
    ],
    [
      'both',
      zone('\t<port port="80" protocol="tcp" />\n'),
      zone(
        '\t<port port="80" protocol="tcp" />\n\t<port port="2222" protocol="tcp"/>\n\t<service name="ssh"/>\n',
      ),
      'Port 22\nPort 2222\n',
    ],
    [
      'the service in one line',
      `${HEAD}<zone><short>x</short></zone>`,
      `${HEAD}<zone><short>x</short><service name="ssh"/></zone>`,
      '',
    ],
    [
      'the service where it has nothing',
      `${HEAD}<zone target="DROP"/>\n`,
      `${HEAD}<zone target="DROP">\n  <service name="ssh"/>\n</zone>\n`,
      '',
    ],
    [
      'the service where UDP alone is let in',
      zone('  <port protocol="udp" port="22"/>\n'),
      zone(`  <port protocol="udp" port="22"/>\n${SSH}`),
      '',
    ],
  ])('%s', (_, before, after, sshd) => {
    const { text, again, notices } = open([conf(), guestFile(OWN, before)], sshd)
    const sorted = (all: string | undefined) => all?.split('\n').sort()
    expect(sorted(text(OWN))).toEqual(sorted(after))
    expect({ again, notices }).toEqual({ again: [], notices: [] })
  })

  it('is copied from the vendor’s, with what a new file needs', () => {
    const { changes, again } = open([conf(), guestFile('/usr/lib/firewalld/zones/public.xml', zone(''))])
    expect(changes).toMatchObject([
      {
        path: OWN,
        mode: 0o644,
        owner: { uid: 0, gid: 0 },
        labelLike: '/etc/firewalld/firewalld.conf',
        labelType: 'firewalld_etc_rw_t',
      },
    ])
    expect(again).toEqual([])
  })
})

describe('nothing is written', () => {
  it.each([
    ['where the service is there', zone(SSH), ''],
    ['where the port is in a range', zone("  <port protocol='tcp' port='2000-3000'/>\n"), 'Port 2222\n'],
    ['where the zone lets everything in', zone('', ' target="ACCEPT"'), ''],
  ])('%s', (_, text, sshd) => {
    const { changes, notices } = open([conf(), guestFile(OWN, text)], sshd)
    expect({ changes, notices }).toEqual({ changes: [], notices: [] })
  })

  it.each([
    ['rules of its own that reject', zone('  <rule family="ipv4"><service name="ssh"/><reject/></rule>\n')],
    ['a zone that is no XML', '<zone>'],
    ['a document type', `${HEAD}<!DOCTYPE zone [<!ENTITY a "b">]><zone/>`],
  ])('in %s, and it is said', (_, text) => {
    const { changes, codes } = open([conf(), guestFile(OWN, text)])
    expect({ changes, codes }).toEqual({ changes: [], codes: ['firewall-left'] })
  })

  it('where the service does not start', () => {
    expect(openIn([...SERVED, conf(), guestFile(OWN, zone(''))]).changes).toEqual([])
  })
})

describe('the zones are', () => {
  const profile = (more: Partial<Profile>): Profile => ({
    dialect: 'keyfile',
    name: 'lan',
    file: '/lan',
    now: {},
    defaultRoute: true,
    ...more,
  })
  const zones = (nodes: readonly GuestNode[], profiles: readonly Profile[]) =>
    open(
      [
        conf('# DefaultZone=drop\nDefaultZone=home\n'),
        ...['home', 'work', 'dmz'].map((name) => guestFile(`/usr/lib/firewalld/zones/${name}.xml`, zone(''))),
        ...nodes,
      ],
      '',
      { network: { evidence: { dialect: 'keyfile', because: '' }, profiles } },
    ).changes.map(({ path }) => path.replace('/etc/firewalld/zones/', ''))

  it.each([
    ['the default one', [], [profile({ interfaceName: 'ens33' })], ['home.xml']],
    ['the default one where no interface is configured', [], [], ['home.xml']],
    [
      'those that profiles name',
      [
        guestFile('/lan', '[connection]\nid=lan\nzone=work\n'),
        guestFile('/wan', 'DEVICE=eth1\nZONE="dmz"\n'),
      ],
      [profile({}), profile({ file: '/wan' })],
      ['work.xml', 'dmz.xml'],
    ],
    [
      'those that hold the interface',
      [guestFile('/etc/firewalld/zones/dmz.xml', zone('  <interface name="ens33"/>\n'))],
      [profile({ interfaceName: 'ens33' })],
      ['dmz.xml'],
    ],
  ])('%s', (_, nodes, profiles, expected) => {
    expect(zones(nodes, profiles)).toEqual(expected)
  })
})

describe('direct.xml', () => {
  const rule = (words: string, { chain = 'INPUT', priority = 0, ipv = 'ipv4' } = {}) =>
    `  <rule ipv="${ipv}" table="filter" chain="${chain}" priority="${priority}">${words}</rule>\n`
  const passed = (words: string) => `  <passthrough ipv="ipv4">${words}</passthrough>\n`
  const DROP = '-p tcp --dport 22 -j DROP'
  const told = (rules: string, sshd = '') => {
    const direct = guestFile('/etc/firewalld/direct.xml', `${HEAD}<direct>\n${rules}</direct>\n`)
    const { changes, notices } = open([conf(), guestFile(OWN, zone('')), direct], sshd)
    expect(changes.map(({ path }) => path)).toEqual([OWN])
    return notices.map(({ code, message }) => [code, message.split(' ')[0]])
  }

  it.each([
    ['drops it', rule(DROP)],
    ['drops it by another family', rule(DROP, { ipv: 'ipv6', chain: 'INPUT_direct' })],
    ['drops it before it lets it in', rule('-j ACCEPT', { priority: 2 }) + rule(DROP, { priority: 1 })],
    [
      'drops it in a chain of its own',
      rule('-j mine') + rule('-m comment --comment &quot;all&quot; -j REJECT', { chain: 'mine' }),
    ],
    ['has iptables drop it', passed(`-t filter -I INPUT 1 ${DROP}`)],
    ['may drop it', rule('-i eth0 -p tcp -j DROP')],
  ])('that %s is told', (_, rules) => {
    expect(told(rules)).toEqual([['firewall-blocks', '/etc/firewalld/direct.xml']])
  })

  it.each([
    ['lets it in', rule(DROP, { priority: 1 }) + rule('-p tcp --dport 22 -j ACCEPT')],
    ['drops another port', rule(DROP.replace('22', '23'))],
    ['drops certain senders', rule(`-s 192.0.2.7 ${DROP}`)],
    ['drops what goes out', rule(DROP, { chain: 'OUTPUT' }) + passed(`-A OUTPUT ${DROP}`)],
    ['is about another table', passed(`-t nat -A INPUT ${DROP}`)],
    ['drops frames', rule(DROP, { ipv: 'eb' })],
    ['has a chain that nobody jumps to', rule(DROP, { chain: 'mine' })],
    ['is none', '<'],
  ])('that %s is not', (_, rules) => {
    expect(told(rules)).toEqual([])
  })
})
