import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import type { Hostname } from '../../src/identity/identity.ts'
import { guestHostname } from '../../src/operations/guest-name.ts'
import { hostname } from '../../src/operations/hostname.ts'
import { hosts } from '../../src/operations/hosts.ts'
import { identityOf, run, surveyOf } from '../support/clone.ts'

const HOSTS = guestFile('/etc/hosts', '127.0.1.1 tpl.lan tpl\n')
const web: Hostname = { short: 'web', fqdn: 'web.b.org' }

function edit(path: string, text: string, name: Hostname = web): string | undefined {
  const nodes: GuestNode[] = [HOSTS, guestFile('/etc/hostname', 'tpl\n')].filter((node) => node.path !== path)
  return run(
    surveyOf([...nodes, guestFile(path, text)]),
    identityOf({ hostname: name }),
    hosts,
    hostname,
  ).text(path)
}

describe('hostname', () => {
  it.each([
    ['tpl\n', web, 'web\n'],
    ['tpl', web, 'web'],
    ['# ours\n\n  tpl  \r\n', web, '# ours\n\n  web  \r\n'],
    ['tpl.lan\n', web, 'web.b.org\n'],
    ['tpl.lan\n', { short: 'web' }, 'web.lan\n'],
    ['# nothing yet', web, '# nothing yet\nweb\n'],
    ['localhost.localdomain\n', web, 'web\n'],
    ['WEB\n', web, 'WEB\n'],
  ])('/etc/hostname %j for %j', (before, name, after) => {
    expect(edit('/etc/hostname', before, name)).toBe(after)
  })

  it('writes the FQDN where the family keeps it', () => {
    const os = { id: 'rocky', idLike: ['rhel', 'fedora'], prettyName: 'Rocky' }
    const survey = surveyOf([guestFile('/etc/hostname', 'localhost.localdomain\n')], { os })
    expect(run(survey, identityOf({ hostname: web }), hostname).text('/etc/hostname')).toBe('web.b.org\n')
  })

  it.each([
    ['127.0.0.1 localhost\n', 'web.b.org\n'],
    ['10.0.0.5 tpl\n', 'web\n'],
    ['10.0.0.5 tpl.lan tpl\n', 'web\n'],
  ])('keeps a short name short unless the domain would stand nowhere: %j', (text, after) => {
    const guest = surveyOf([
      guestFile('/etc/hostname', 'tpl\n'),
      guestFile('/etc/hosts', text),
      guestFile('/etc/redhat-release', 'Rocky Linux release 9.4 (Blue Onyx)\n'),
    ])
    const { text: read } = run(guest, identityOf({ hostname: web }), hostname)
    expect(read('/etc/hostname')).toBe(after)
    expect(run(guest, identityOf({ hostname: { short: 'web' } }), hostname).text('/etc/hostname')).toBe(
      'web\n',
    )
  })

  const el6 = { id: 'linux', idLike: [], prettyName: 'Linux' }
  it.each([
    ['NETWORKING=yes\nHOSTNAME=tpl.lan\n', 'NETWORKING=yes\nHOSTNAME=web.b.org\n'],
    ['HOSTNAME=tpl # old\n', 'HOSTNAME=web # old\n'],
    ['HOSTNAME="localhost.localdomain"\n', 'HOSTNAME="web.b.org"\n'],
    ["#HOSTNAME=tpl\nHOSTNAME=x\nHOSTNAME='tpl.lan'", "#HOSTNAME=tpl\nHOSTNAME='web.b.org'"],
    ['NETWORKING=yes\nGATEWAY=10.0.0.1\n', 'NETWORKING=yes\nHOSTNAME=web.b.org\nGATEWAY=10.0.0.1\n'],
  ])('sets the name where RHEL 6 keeps it, and makes no other file: %j', (before, after) => {
    const survey = surveyOf([guestFile('/etc/sysconfig/network', before)], { os: el6 })
    const { changes, text } = run(survey, identityOf({ hostname: web }), hostname)
    expect(text('/etc/sysconfig/network')).toBe(after)
    expect(changes).toHaveLength(1)
  })

  it.each([
    'HOSTNAME=`cat /name`\n',
    'HOSTNAME=$(cat /name)\n',
    'HOSTNAME=$NAME\n',
    '[ -f /x ] && HOSTNAME=x\n',
  ])('leaves what only a shell can tell, and says so: %j', (text) => {
    const survey = surveyOf([guestFile('/etc/sysconfig/network', text)], { os: el6 })
    const { changes, notices } = run(survey, identityOf({ hostname: web }), hostname)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['file-left']])
  })

  it('sets every copy that a guest has, a link only once', () => {
    const nodes = [
      guestFile('/etc/hostname', 'tpl\n'),
      guestFile('/etc/sysconfig/network', '# Created by anaconda\n'),
      { ...guestFile('/etc/HOSTNAME', ''), kind: 'symlink' as const, target: 'hostname' },
    ]
    expect(run(surveyOf(nodes), identityOf({ hostname: web }), hostname).changes).toMatchObject([
      { path: '/etc/hostname' },
    ])
    const suse = surveyOf([guestFile('/etc/HOSTNAME', 'tpl.site\n')])
    const { changes, text } = run(suse, identityOf({ hostname: web }), hostname)
    expect([changes.length, text('/etc/HOSTNAME')]).toEqual([1, 'web.b.org\n'])
  })

  it('refuses to cut LVM volume groups off from their host name', () => {
    const lvm = (source: string) =>
      surveyOf([
        guestFile('/etc/hostname', 'tpl\n'),
        guestFile(
          '/etc/lvm/lvm.conf',
          `global {\n\t# system_id_source = "uname"\n\tsystem_id_source = "${source}"\n}\n`,
        ),
        guestFile('/etc/lvm/backup/rl', 'rl {\n\tid = "x"\n\tsystem_id = "tpl"\n}\n'),
      ])
    expect(() => run(lvm('uname'), identityOf({ hostname: web }), hostname)).toThrow(
      /rl belongs to the system id tpl/,
    )
    expect(run(lvm('uname'), identityOf({ hostname: { short: 'tpl' } }), hostname).changes).toEqual([])
    expect(run(lvm('none'), identityOf({ hostname: web }), hostname).changes).toHaveLength(1)
  })

  it('makes /etc/hostname if there is none', () => {
    const { changes } = run(surveyOf([]), identityOf({ hostname: web }), hostname)
    expect(changes).toMatchObject([
      { path: '/etc/hostname', mode: 0o644, owner: { uid: 0 }, labelType: 'hostname_etc_t' },
    ])
  })

  it.each([
    ['/etc/mailname', 'tpl.lan\n', 'web.b.org\n'],
    ['/etc/mailname', 'mail.lan\n', 'mail.lan\n'],
    [
      '/etc/dhcp/dhclient.conf',
      'send host-name = gethostname();\nsend host-name "tpl"; # tpl\n',
      'send host-name = gethostname();\nsend host-name "web"; # tpl\n',
    ],
    [
      '/etc/dhcp/dhclient.conf',
      '#send host-name "tpl";\nsend host-name "tpl1";\n',
      '#send host-name "tpl";\nsend host-name "tpl1";\n',
    ],
    [
      '/etc/network/interfaces',
      'iface tpl inet dhcp\n  hostname tpl\n',
      'iface tpl inet dhcp\n  hostname web\n',
    ],
    ['/etc/network/interfaces.d/lan', '\thostname tpl.lan  \n', '\thostname web.b.org  \n'],
    ['/etc/machine-info', 'PRETTY_HOSTNAME="tpl"\nICON_NAME=tpl\n', 'PRETTY_HOSTNAME="web"\nICON_NAME=tpl\n'],
    ['/etc/machine-info', "PRETTY_HOSTNAME='TPL!'\n", "PRETTY_HOSTNAME='web'\n"],
    ['/etc/machine-info', 'PRETTY_HOSTNAME=tpl \r\n', 'PRETTY_HOSTNAME=web \r\n'],
    ['/etc/machine-info', 'PRETTY_HOSTNAME="The mail server"\n', 'PRETTY_HOSTNAME="The mail server"\n'],
    [
      '/etc/postfix/main.cf',
      'myhostname = tpl.lan\nmydestination = $myhostname, tpl.lan,\n  tpl, localhost\n# tpl\nrelayhost = tpl\n  tpl\n',
      'myhostname = web.b.org\nmydestination = $myhostname, web.b.org,\n  web, localhost\n# tpl\nrelayhost = tpl\n  tpl\n',
    ],
    [
      '/etc/dhcpcd.conf',
      '# hostname tpl\nhostname\nhostname tpl\n',
      '# hostname tpl\nhostname\nhostname web\n',
    ],
    [
      '/etc/sysconfig/network-scripts/ifcfg-eth0',
      'DEVICE=tpl\nHOSTNAME="tpl.lan"\nDHCP_HOSTNAME=tpl # x\n',
      'DEVICE=tpl\nHOSTNAME="web.b.org"\nDHCP_HOSTNAME=web # x\n',
    ],
    ['/etc/sysconfig/network-scripts/ifcfg-eth0.bak', 'DHCP_HOSTNAME=tpl\n', 'DHCP_HOSTNAME=tpl\n'],
    ['/etc/sysconfig/network/dhcp', 'DHCLIENT_HOSTNAME_OPTION="AUTO"\n', 'DHCLIENT_HOSTNAME_OPTION="AUTO"\n'],
    ['/etc/sysconfig/network/dhcp', 'DHCLIENT_HOSTNAME_OPTION="tpl"\n', 'DHCLIENT_HOSTNAME_OPTION="web"\n'],
    [
      '/etc/NetworkManager/system-connections/ens33.nmconnection',
      '[connection]\nid=tpl\n[ipv4]\ndhcp-hostname=tpl.lan\n',
      '[connection]\nid=tpl\n[ipv4]\ndhcp-hostname=web.b.org\n',
    ],
    ['/etc/systemd/network/a.network', '[DHCPv4]\nHostname=tpl\n', '[DHCPv4]\nHostname=web\n'],
    [
      '/etc/netplan/50.yaml',
      '      dhcp4-overrides:\n        hostname: tpl # x\n        use-hostname: false\n',
      '      dhcp4-overrides:\n        hostname: web # x\n        use-hostname: false\n',
    ],
    [
      '/etc/exim4/update-exim4.conf.conf',
      "dc_other_hostnames='tpl:tpl.lan;tpl2'\ndc_readhost='tpl'\n",
      "dc_other_hostnames='web:web.b.org;tpl2'\ndc_readhost='tpl'\n",
    ],
  ])('%s: %j', (path, before, after) => {
    expect(edit(path, before)).toBe(after)
  })

  it('does nothing where the name stays', () => {
    const survey = surveyOf([HOSTS, guestFile('/etc/hostname', 'tpl\n'), guestFile('/etc/mailname', 'tpl\n')])
    expect(run(survey, identityOf({}), hostname).changes).toEqual([])
    expect(run(survey, identityOf({ hostname: { short: 'tpl' } }), hostname).changes).toEqual([])
  })

  const paths = [
    '/etc/mailname',
    '/etc/dhcp/dhclient.conf',
    '/etc/network/interfaces',
    '/etc/machine-info',
    '/etc/postfix/main.cf',
    '/etc/sysconfig/network-scripts/ifcfg-eth0',
    '/etc/NetworkManager/system-connections/lan',
    '/etc/netplan/a.yaml',
  ]
  const part = fc.constantFrom(
    'tpl',
    'tpl.lan',
    'tpl2',
    ' ',
    '\n',
    '\t',
    '"',
    "'",
    ',',
    'send host-name ',
    'mydestination=',
    '  hostname ',
    'PRETTY_HOSTNAME=',
    'DHCP_HOSTNAME=',
    'dhcp-hostname=',
    'hostname: ',
    '#',
    '\r',
    '\xff',
  )
  test.prop([fc.constantFrom(...paths), fc.array(part).map((parts) => parts.join(''))])(
    'changes nothing but the name, and twice is once',
    (path, text) => {
      const once = edit(path, text) ?? ''
      expect(mask(once)).toBe(mask(text))
      expect(edit(path, once)).toBe(once)
    },
  )
})

/** Both names look the same: what differs then is no name. A pretty name is replaced whole. */
function mask(text: string): string {
  return text.replaceAll(/tpl\.lan|web\.b\.org|tpl|web/g, 'N').replaceAll(/^(\s*PRETTY_HOSTNAME=).*$/gm, '$1')
}

describe('guestHostname', () => {
  it.each([
    ['tpl\n', '127.0.1.1 tpl.lan tpl\n', { short: 'tpl', fqdn: 'tpl.lan' }],
    ['tpl\n', '127.0.1.1 tpl.lan\n', { short: 'tpl', fqdn: 'tpl.lan' }],
    ['tpl\n', '10.0.0.1 tpl.other\n', { short: 'tpl' }],
    ['# c\nTPL.Lan\n', '', { short: 'tpl', fqdn: 'tpl.lan' }],
    ['localhost\n', '', undefined],
    ['\x1b[31mred\n', '', undefined],
    ['', '', undefined],
  ])('of %j and %j', (name, text, expected) => {
    const { tree } = surveyOf([guestFile('/etc/hostname', name), guestFile('/etc/hosts', text)]).guest
    expect(guestHostname(tree)).toEqual(expected)
  })
})
