import type { GuestRead } from '../../guest/tree.ts'
import type { Notice } from '../../notices.ts'
import { network } from '../network.ts'
import type { Operation } from '../operation.ts'
import type { Firewall } from './firewall.ts'
import { firewalld } from './firewalld.ts'
import { iptables } from './iptables.ts'
import { nftables } from './nftables.ts'
import { otherFirewalls } from './other-firewalls.ts'
import { hasSshd, SSHD_READS, startSshd } from './service.ts'
import { readArguments } from './sshd-arguments.ts'
import { COMMAND_READS, sshdWords, unreadVariables } from './sshd-command.ts'
import { listeningOf, SSHD_CONFIG_READS } from './sshd-config.ts'
import { suseFirewall } from './susefirewall.ts'
import { socketPorts } from './systemd-units.ts'
import { ufw } from './ufw.ts'

const FIREWALLS: readonly Firewall[] = [firewalld, ufw, nftables, iptables, suseFirewall, otherFirewalls]

export const openSsh: Operation = {
  name: 'open-ssh',
  heading: 'Have the SSH server start, and let the firewall pass it',
  description:
    'Has sshd start at boot where it does not: a link for its unit in systemd, for its script in OpenRC, runit or SysV runlevels, the execute permission of Slackware’s rc.sshd; what keeps it from starting is taken away (a mask in /etc/systemd/system, /etc/ssh/sshd_not_to_be_run, runit’s down file). Then each firewall that is in force lets the ports in that sshd_config names (or -p, -f and -o on sshd’s command line, in its unit, runit’s run, /etc/conf.d/sshd or files of variables: /etc/default/ssh*, /etc/sysconfig/ssh*, /etc/ssh/sshd*; or ssh.socket.d, where systemd listens), 22 if none is named: firewalld in the zones that the interfaces are in, ufw by a rule as `ufw allow` writes it, nftables in each input chain, iptables in the rules that are loaded at boot, SuSEfirewall2 in its external zone. A rule is put before the first one that might turn everybody away; what lets SSH in already is left.',
  notes:
    'No firewall is switched on or off, and no rule taken away; one that is not in force is not touched. Rules that turn certain senders away, and those that turn away who comes too often, stay in front. Nothing is done in a guest without an SSH server. A firewall that is made otherwise (shorewall, ferm, scripts, nft commands outside of tables, rich rules of firewalld that reject) is left, with a notice; so are files with rules of your own that come first (ufw’s before.rules, firewalld’s direct.xml). Options that a script puts together are not known. Who may log in is not changed.',
  default: false,
  reads: [
    ...network.reads,
    ...SSHD_READS,
    ...SSHD_CONFIG_READS,
    ...COMMAND_READS,
    ...FIREWALLS.flatMap(({ reads }): readonly GuestRead[] => reads),
  ],
  plan(survey) {
    const { tree } = survey.guest
    if (!hasSshd(tree)) return { changes: [], notices: [absent] }
    const { ports: configured, addresses, unread } = listeningOf(tree, readArguments(sshdWords(tree)))
    const ports = socketPorts(tree) ?? configured
    const plans = [startSshd(survey, ports), ...FIREWALLS.map((firewall) => firewall.open(survey, ports))]
    return {
      changes: plans.flatMap(({ changes }) => changes),
      notices: [
        ...plans.flatMap(({ notices }) => notices),
        ...(addresses === undefined ? [] : [bound(addresses)]),
        ...(unread === undefined ? [] : [elsewhere(unread)]),
        ...unreadVariables(tree).map(variablesElsewhere),
      ],
    }
  },
}

const absent: Notice = {
  code: 'ssh-absent',
  message: 'The guest has no OpenSSH server, so nothing was enabled or let through.',
  hint: 'Install it in the template.',
}

function bound(addresses: readonly string[]): Notice {
  return {
    code: 'ssh-listens-elsewhere',
    message: `sshd_config has the SSH server listen at ${addresses.join(', ')} and nowhere else.`,
    hint: 'Where the clone has another address, it is not reached: see ListenAddress.',
  }
}

function elsewhere(path: string): Notice {
  return {
    code: 'ssh-config-elsewhere',
    message: `The SSH server is told to read ${path}, which was not found among its files.`,
    hint: 'If a Port is set there, let it through the firewall by hand.',
  }
}

function variablesElsewhere(path: string): Notice {
  return {
    code: 'ssh-config-elsewhere',
    message: `The SSH server’s unit takes variables for its command line from ${path}, which was not read.`,
    hint: 'If -p or -o Port is set there, let that port through the firewall by hand.',
  }
}
