import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { guestFiles } from '../../../src/transaction/change.ts'
import { enabled, link, masked, openIn, program, SERVED } from '../../support/ssh-guest.ts'

const SYSTEMD = [program('/usr/sbin/sshd'), program('/usr/lib/systemd/systemd')]
const unit = (name: string) => guestFile(`/usr/lib/systemd/system/${name}`, '')
const directory = (path: string) => ({ ...guestFile(path, ''), kind: 'directory' as const, mode: 0o755 })
const ubuntu = (versionId: string) => ({
  os: { id: 'ubuntu', versionId, idLike: ['debian'], prettyName: '' },
})

/** "path -> target", "- path", "path mode" */
const does = (...args: Parameters<typeof openIn>) => {
  const { changes, again, codes } = openIn(...args)
  expect(again).toEqual([])
  const said = guestFiles(changes).map((change) => {
    if (change.kind === 'link') return `${change.path} -> ${change.target}`
    return change.kind === 'remove' ? `- ${change.path}` : `${change.path} ${change.mode?.toString(8)}`
  })
  return { said, codes }
}

const WANTS = '/etc/systemd/system/multi-user.target.wants'

describe('systemd', () => {
  it.each([
    [
      'ssh.service of Debian',
      [unit('ssh.service'), unit('ssh.socket')],
      {},
      [`${WANTS}/ssh.service -> /usr/lib/systemd/system/ssh.service`],
    ],
    [
      'sshd.service of RHEL, SUSE and Arch',
      [unit('sshd.service')],
      {},
      [`${WANTS}/sshd.service -> /usr/lib/systemd/system/sshd.service`],
    ],
    [
      'the place before /usr was merged',
      [guestFile('/lib/systemd/system/ssh.service', '')],
      {},
      [`${WANTS}/ssh.service -> /lib/systemd/system/ssh.service`],
    ],
    [
      'ssh.socket of Ubuntu 22.10',
      [unit('ssh.service'), unit('ssh.socket')],
      ubuntu('22.10'),
      ['/etc/systemd/system/sockets.target.wants/ssh.socket -> /usr/lib/systemd/system/ssh.socket'],
    ],
    [
      'ssh.service of Ubuntu 22.04',
      [unit('ssh.service'), unit('ssh.socket')],
      ubuntu('22.04'),
      [`${WANTS}/ssh.service -> /usr/lib/systemd/system/ssh.service`],
    ],
    [
      'ssh.service of Ubuntu where the port is another',
      [unit('ssh.service'), unit('ssh.socket'), guestFile('/etc/ssh/sshd_config', 'Port 2222')],
      ubuntu('24.04'),
      [`${WANTS}/ssh.service -> /usr/lib/systemd/system/ssh.service`],
    ],
    ['nothing where the service is enabled', [unit('ssh.service'), enabled('ssh.service')], {}, []],
    [
      'nothing where the socket is',
      [unit('ssh.service'), link('/etc/systemd/system/sockets.target.wants/ssh.socket', '/x')],
      ubuntu('24.04'),
      [],
    ],
  ])('%s', (_, nodes, guest, expected) => {
    expect(does([...SYSTEMD, ...nodes], guest)).toEqual({ said: expected, codes: [] })
  })

  it.each([
    [
      'an enabled one',
      [unit('ssh.service'), enabled('ssh.service'), masked('ssh.service')],
      {},
      ['- /etc/systemd/system/ssh.service'],
    ],
    [
      'one that is not enabled',
      [unit('sshd.service'), masked('sshd.service')],
      {},
      ['- /etc/systemd/system/sshd.service', `${WANTS}/sshd.service -> /usr/lib/systemd/system/sshd.service`],
    ],
    [
      'what the socket starts',
      [
        unit('ssh.service'),
        unit('ssh.socket'),
        link('/etc/systemd/system/sockets.target.wants/ssh.socket', '/x'),
        masked('ssh.service'),
      ],
      ubuntu('24.04'),
      ['- /etc/systemd/system/ssh.service'],
    ],
    [
      'Debian’s mark',
      [unit('ssh.service'), enabled('ssh.service'), guestFile('/etc/ssh/sshd_not_to_be_run', '')],
      {},
      ['- /etc/ssh/sshd_not_to_be_run'],
    ],
  ])('%s is unmasked, and it is said', (_, nodes, guest, expected) => {
    expect(does([...SYSTEMD, ...nodes], guest)).toEqual({ said: expected, codes: ['ssh-unmasked'] })
  })
})

const RC = '#!/bin/sh\n# chkconfig: 2345 55 25\n'
const LSB = '### BEGIN INIT INFO\n# Default-Start:\t2 3 4 5\n### END INIT INFO\n'
const sshd = program('/usr/sbin/sshd')

describe('other inits', () => {
  it.each([
    [
      'OpenRC',
      [sshd, program('/sbin/openrc-run'), program('/etc/init.d/sshd')],
      ['/etc/runlevels/default/sshd -> /etc/init.d/sshd'],
    ],
    [
      'OpenRC, where it starts',
      [
        sshd,
        program('/sbin/openrc-run'),
        program('/etc/init.d/sshd'),
        link('/etc/runlevels/default/sshd', '/etc/init.d/sshd'),
      ],
      [],
    ],
    [
      'runit',
      [program('/usr/bin/sshd'), directory('/etc/runit/runsvdir/default'), program('/etc/sv/sshd/run')],
      ['/etc/runit/runsvdir/default/sshd -> /etc/sv/sshd'],
    ],
    [
      'runit, where it is held down',
      [
        program('/usr/bin/sshd'),
        directory('/etc/runit/runsvdir/default'),
        link('/etc/runit/runsvdir/default/sshd', '/etc/sv/sshd'),
        program('/etc/sv/sshd/run'),
        guestFile('/etc/sv/sshd/down', ''),
      ],
      ['- /etc/sv/sshd/down'],
    ],
    ['Slackware', [sshd, guestFile('/etc/rc.d/rc.sshd', '#!/bin/sh\n')], ['/etc/rc.d/rc.sshd 755']],
    ['Slackware, where it starts', [sshd, program('/etc/rc.d/rc.sshd')], []],
    ['Upstart, where it starts', [sshd, guestFile('/etc/init/ssh.conf', ''), program('/etc/init.d/ssh')], []],
    [
      'Upstart, where it is held',
      [sshd, guestFile('/etc/init/ssh.conf', ''), guestFile('/etc/init/ssh.override', 'manual\n')],
      ['/etc/init/ssh.override undefined'],
    ],
    [
      'chkconfig of RHEL 6',
      [
        sshd,
        link('/etc/init.d', 'rc.d/init.d'),
        guestFile('/etc/rc.d/init.d/sshd', RC),
        link('/etc/rc.d/rc3.d/K25sshd', '../init.d/sshd'),
        link('/etc/rc.d/rc3.d/S10network', '../init.d/network'),
      ],
      [
        '/etc/rc.d/rc2.d/S55sshd -> ../init.d/sshd',
        '- /etc/rc.d/rc3.d/K25sshd',
        ...[3, 4, 5].map((level) => `/etc/rc.d/rc${level}.d/S55sshd -> ../init.d/sshd`),
      ],
    ],
    [
      'insserv of SLES 11',
      [
        sshd,
        guestFile('/etc/init.d/sshd', LSB.replace('2 3 4 5', '3 5')),
        link('/etc/init.d/rc3.d/S01network', '../network'),
      ],
      ['/etc/init.d/rc3.d/S50sshd -> ../sshd', '/etc/init.d/rc5.d/S50sshd -> ../sshd'],
    ],
    [
      'update-rc.d of Debian',
      [sshd, guestFile('/etc/init.d/ssh', LSB), link('/etc/rc3.d/S01cron', '../init.d/cron')],
      [2, 3, 4, 5].map((level) => `/etc/rc${level}.d/S50ssh -> ../init.d/ssh`),
    ],
  ])('%s', (_, nodes, expected) => {
    expect(does(nodes)).toEqual({ said: expected, codes: [] })
  })
})

it.each([
  [
    'a guest without a server is told of',
    [program('/usr/lib/systemd/systemd'), unit('ssh.service'), masked('ssh.service')],
    'ssh-absent',
  ],
  ['a server without a unit is told of', SYSTEMD, 'ssh-not-enabled'],
  [
    'addresses that sshd is bound to are told of',
    [...SERVED, guestFile('/etc/ssh/sshd_config', 'ListenAddress 192.0.2.5\n')],
    'ssh-listens-elsewhere',
  ],
  ['firewalls of another kind are told of', [...SERVED, enabled('shorewall.service')], 'firewall-left'],
])('%s', (_, nodes, code) => {
  expect(does(nodes)).toEqual({ said: [], codes: [code] })
})
