import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../../src/guest/glob.ts'
import { type GuestNode, GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { openSsh } from '../../../src/operations/open-ssh/open-ssh.ts'
import { readArguments } from '../../../src/operations/open-ssh/sshd-arguments.ts'
import { sshdWords } from '../../../src/operations/open-ssh/sshd-command.ts'
import { link, openIn, program, SERVED } from '../../support/ssh-guest.ts'

describe('of its arguments sshd takes', () => {
  it.each<[string, string, object]>([
    ['the ports', '-D -p 2222 -p2223', { ports: [2222, 2223] }],
    ['the port behind other letters', '-Dep 2222', { ports: [2222] }],
    ['the file', '-D -f /etc/ssh/other', { config: '/etc/ssh/other' }],
    ['lines of it', '-oPort=2222 -o PidFile=/run/p', { lines: ['Port=2222', 'PidFile=/run/p'] }],
    ['nothing of values of other options', '-E -p -h -f -u 0', {}],
    ['nothing behind the end', '-D -- -p 2222', {}],
    ['nothing of a -p without a value', '-D -p', {}],
  ])('%s', (_, line, found) => {
    expect(readArguments(line.split(' '))).toEqual({ ports: [], lines: [], ...found })
  })
})

const UNIT = '/usr/lib/systemd/system/sshd.service'
const SYSTEMD = program('/usr/lib/systemd/systemd')
const unit = (...lines: string[]) => guestFile(UNIT, ['[Service]', ...lines, ''].join('\n'))
const RHEL = unit(
  'EnvironmentFile=-/etc/sysconfig/sshd',
  'ExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY',
)

describe('behind sshd stands', () => {
  it.each<[string, GuestNode[], string[]]>([
    ['what the unit says', [SYSTEMD, unit('ExecStart=-/usr/sbin/sshd -D -p 2222')], ['-D', '-p', '2222']],
    [
      'what Debian’s unit takes from /etc/default/ssh',
      [
        SYSTEMD,
        guestFile(
          '/lib/systemd/system/ssh.service',
          '[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStartPre=/usr/sbin/sshd -t\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\nExecReload=/usr/sbin/sshd -t\n',
        ),
        guestFile('/etc/default/ssh', '# Options\nSSHD_OPTS="-p 2222 -4"\n'),
      ],
      ['-D', '-p', '2222', '-4'],
    ],
    [
      'what RHEL’s unit takes from /etc/sysconfig/sshd',
      [SYSTEMD, RHEL, guestFile('/etc/sysconfig/sshd', "OPTIONS='-f /etc/ssh/sshd_other'\n")],
      ['-D', '-f', '/etc/ssh/sshd_other'],
    ],
    ['nothing of a variable that no file sets', [SYSTEMD, RHEL], ['-D']],
    [
      'what the guest’s own unit says in place of the vendor’s',
      [
        SYSTEMD,
        RHEL,
        guestFile('/etc/systemd/system/sshd.service', 'ExecStart=/usr/sbin/sshd -D \\\n  -p 22\n'),
      ],
      ['-D', '-p', '22'],
    ],
    [
      'what a part beside the unit says in its place',
      [
        SYSTEMD,
        RHEL,
        guestFile(
          '/etc/systemd/system/sshd.service.d/port.conf',
          '[Service]\nEnvironment="PORT=2222" A=b\nExecStart=\nExecStart=/usr/sbin/sshd -D -p$PORT\n',
        ),
        guestFile('/usr/lib/systemd/system/sshd.service.d/port.conf', '[Service]\nExecStart=/bin/false\n'),
        guestFile('/usr/lib/systemd/system/sshd.service.d/10.conf', '[Service]\nExecStart=/bin/true\n'),
      ],
      ['-D', '-p2222'],
    ],
    ['nothing of a program that is another', [SYSTEMD, unit('ExecStart=/opt/start -p 2222')], []],
    [
      'what comes behind a program that runs it',
      [SYSTEMD, unit('ExecStart=/sbin/ip netns exec blue /usr/sbin/sshd -D -p 23')],
      ['-D', '-p', '23'],
    ],
    [
      'what OpenRC’s file says',
      [guestFile('/etc/conf.d/sshd', 'SSHD_CONFDIR="/etc/ssh/own"\nSSHD_OPTS="-p 2222"\n')],
      ['-p', '2222', '-f', '/etc/ssh/own/sshd_config'],
    ],
    [
      'what OpenRC’s file names',
      [guestFile('/etc/conf.d/sshd', 'SSHD_CONFDIR=/a\nSSHD_CONFIG=/etc/ssh/sshd_b\n')],
      ['-f', '/etc/ssh/sshd_b'],
    ],
    [
      'what runit’s script and its file say',
      [
        guestFile(
          '/etc/sv/sshd/run',
          '#!/bin/sh\nssh-keygen -A >/dev/null 2>&1 # once\n[ -r conf ] && . ./conf\nexec /usr/bin/sshd -D $OPTS -p 22 2>&1\n',
        ),
        guestFile('/etc/sv/sshd/conf', 'OPTS="-p 2222"\n'),
      ],
      ['-D', '-p', '2222', '-p', '22'],
    ],
    [
      'what Upstart’s job says',
      [guestFile('/etc/init/ssh.conf', 'exec /usr/sbin/sshd -D -p 23\n')],
      ['-D', '-p', '23'],
    ],
    [
      'what Slackware’s script says',
      [guestFile('/etc/rc.d/rc.sshd', 'sshd_start() {\n  /usr/sbin/sshd -p 23\n}\n')],
      ['-p', '23'],
    ],
    [
      'what an init script takes from its file',
      [guestFile('/etc/default/ssh', 'SSHD_OPTS="-p 23"\n')],
      ['-p', '23'],
    ],
    ['nothing without any of them', [], []],
  ])('%s', (_, nodes, words) => {
    expect(sshdWords(new GuestTree(nodes))).toEqual(words)
  })
})

describe('the firewall lets in', () => {
  const NFT = '/etc/nftables.conf'
  const RULES = 'table inet f {\n\tchain i {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n'
  const letIn = (...nodes: GuestNode[]) => {
    const loaded = link(
      '/etc/systemd/system/sysinit.target.wants/nftables.service',
      '/lib/systemd/system/nftables.service',
    )
    const { text, codes } = openIn([
      ...SERVED.slice(0, 2),
      ...SERVED.slice(3),
      loaded,
      guestFile(NFT, RULES),
      ...nodes,
    ])
    return [[...(text(NFT) ?? '').matchAll(/dport (\d+) accept/g)].map(([, port]) => Number(port)), codes]
  }
  const config = guestFile('/etc/ssh/sshd_config', 'Port 24\n')

  it('the port of the command line, not that of the file', () => {
    expect(letIn(config, unit('ExecStart=/usr/sbin/sshd -D -p 2222'))).toEqual([[2222], []])
  })

  it('the port of an option beside that of the file', () => {
    expect(letIn(config, unit('ExecStart=/usr/sbin/sshd -D -o Port=23'))).toEqual([[23, 24], []])
  })

  it('the port of the file that it is told to read', () => {
    const other = guestFile('/etc/ssh/sshd_other', 'Port 2222\n')
    expect(letIn(config, other, unit('ExecStart=/usr/sbin/sshd -D -f /etc/ssh/sshd_other'))).toEqual([
      [2222],
      [],
    ])
  })

  it('the port that a file of variables for the server says, whatever it is called', () => {
    const from = (path: string) => [
      unit(`EnvironmentFile=${path}`, 'ExecStart=/usr/sbin/sshd -D $ARGS'),
      guestFile(path, 'ARGS="-p 2222"\n'),
    ]
    for (const path of ['/etc/sysconfig/sshd-own', '/etc/default/ssh.local', '/etc/ssh/sshd.env']) {
      expect(letIn(config, ...from(path))).toEqual([[2222], []])
      expect(openSsh.reads.filter((read) => typeof read === 'string' && matchesGlob(path, read))).not.toEqual(
        [],
      )
    }
  })

  it.each<[string, string[], string[]]>([
    ['variables of it stand behind sshd', ['EnvironmentFile=/srv/env'], ['ssh-config-elsewhere']],
    ['it may be absent', ['EnvironmentFile=-/srv/env'], ['ssh-config-elsewhere']],
    [
      'it is one of many',
      ['EnvironmentFile=/etc/default/ssh', 'EnvironmentFile=/srv/*.env'],
      ['ssh-config-elsewhere'],
    ],
    [
      'nothing behind sshd is a variable',
      ['EnvironmentFile=/srv/env', 'ExecStart=', 'ExecStart=/usr/sbin/sshd -D'],
      [],
    ],
    ['a later line takes it back', ['EnvironmentFile=/srv/env', 'EnvironmentFile='], []],
    [
      'all are RHEL’s',
      [
        'EnvironmentFile=-/etc/crypto-policies/back-ends/opensshserver.config',
        'EnvironmentFile=-/etc/sysconfig/sshd-permitrootlogin',
        'EnvironmentFile=-/etc/sysconfig/sshd',
      ],
      [],
    ],
  ])('that of sshd_config, told that a file of variables was not read, where %s', (_, lines, codes) => {
    const service = unit('ExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY', ...lines)
    expect(letIn(config, service)).toEqual([[24], codes])
  })

  it('22, with a notice, where that file is not known', () => {
    expect(letIn(config, unit('ExecStart=/usr/sbin/sshd -D -f /srv/sshd'))).toEqual([
      [22],
      ['ssh-config-elsewhere'],
    ])
  })
})
