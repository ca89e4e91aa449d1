import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import { isEnabled, maskOf, SERVICE_READS, startsAtBoot } from '../../network/services.ts'
import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import { removal, replaceContent, rewrite } from '../edit.ts'
import { NOTHING, type OperationPlan } from '../operation.ts'
import type { Survey } from '../survey.ts'
import { SYSTEMD_READS } from '../systemd.ts'
import { startUnit, UNIT_READS } from './systemd-units.ts'
import { sysvLinks } from './sysv-links.ts'

/** What the server is called in the guest's services. */
const NAMES = ['ssh', 'sshd'] as const

const PROGRAMS = ['/usr/sbin/sshd', '/usr/bin/sshd']
/** Where it is, Debian's unit and init script do not start the server. */
const NOT_TO_BE_RUN = '/etc/ssh/sshd_not_to_be_run'
const OPENRC = ['/sbin/openrc-run', '/usr/sbin/openrc-run', '/sbin/runscript']
const RUNIT = '/etc/runit/runsvdir/default'
const SLACKWARE = '/etc/rc.d/rc.sshd'
const UPSTART = { job: '/etc/init/ssh.conf', override: '/etc/init/ssh.override' }

/** What must be read to know whether sshd starts at boot. */
export const SSHD_READS: readonly GuestRead[] = [
  ...SERVICE_READS,
  ...SYSTEMD_READS,
  ...UNIT_READS,
  SLACKWARE,
  UPSTART.override,
  ...NAMES.map((name) => `/etc/init.d/${name}`),
  ...[...PROGRAMS, ...OPENRC, NOT_TO_BE_RUN, UPSTART.job, '/etc/sv/sshd/run'].map(
    (path) => ({ path, attributes: true }) as const,
  ),
]

const purpose = { operation: 'open-ssh', summary: 'the SSH server starts at boot' }

/** True if the guest has an OpenSSH server. */
export function hasSshd(tree: GuestTree): boolean {
  return PROGRAMS.some((path) => tree.exists(path))
}

/** What has sshd start at boot, by whichever init the guest has; `ports` are those that it listens on. */
export function startSshd({ guest }: Survey, ports: readonly number[]): OperationPlan {
  const { tree } = guest
  const kept = tree.entry(NOT_TO_BE_RUN)
  const unkept = kept === undefined ? [] : [removal(kept, purpose)]
  const notices = kept === undefined ? [] : [allowed(NOT_TO_BE_RUN)]
  const started = starts(tree) ? NOTHING : (byInit(guest, ports) ?? left)
  return { changes: [...unkept, ...started.changes], notices: [...notices, ...started.notices] }
}

function starts(tree: GuestTree): boolean {
  return NAMES.some((name) => {
    const listens = isEnabled(tree, `${name}.socket`) && maskOf(tree, `${name}.service`) === undefined
    return listens || startsAtBoot(tree, name) !== undefined
  })
}

function byInit(guest: Survey['guest'], ports: readonly number[]): OperationPlan | undefined {
  const { tree } = guest
  const unit = startUnit(guest, ports, purpose)
  if (unit !== undefined) return { changes: unit.changes, notices: unit.masks.map(allowed) }
  const changes = byOpenrc(tree) ?? byRunit(tree) ?? bySlackware(tree) ?? byUpstart(tree) ?? bySysv(tree)
  return changes && { changes, notices: [] }
}

function byOpenrc(tree: GuestTree): Change[] | undefined {
  const script = '/etc/init.d/sshd'
  if (!OPENRC.some((path) => tree.exists(path)) || !tree.file(script)) return undefined
  return [{ at: 'guest', kind: 'link', path: '/etc/runlevels/default/sshd', target: script, ...purpose }]
}

function byRunit(tree: GuestTree): Change[] | undefined {
  if (!tree.exists(RUNIT) || !tree.exists('/etc/sv/sshd/run')) return undefined
  const path = `${RUNIT}/sshd`
  const down = tree.entry('/etc/sv/sshd/down')
  return [
    ...(down === undefined ? [] : [removal(down, purpose)]),
    ...(tree.entry(path)
      ? []
      : [{ at: 'guest', kind: 'link', path, target: '/etc/sv/sshd', ...purpose } as const]),
  ]
}

function bySlackware(tree: GuestTree): Change[] | undefined {
  const script = tree.file(SLACKWARE)
  if (script?.content === undefined) return undefined
  return [{ ...replaceContent(script, script.content, purpose), mode: script.mode | 0o111 }]
}

/** A job starts by itself, unless its override says "manual". */
function byUpstart(tree: GuestTree): Change[] | undefined {
  if (!tree.exists(UPSTART.job)) return undefined
  return rewrite(tree, UPSTART.override, purpose, (text) =>
    text.replace(/^[ \t]*manual[ \t]*(?:\r?\n|$)/gm, ''),
  )
}

function bySysv(tree: GuestTree): Change[] | undefined {
  const script = NAMES.flatMap((name) => tree.file(`/etc/init.d/${name}`) ?? []).at(0)
  const links = script === undefined ? [] : sysvLinks(tree, script, purpose)
  return links.length === 0 ? undefined : links
}

function allowed(path: string): Notice {
  return {
    code: 'ssh-unmasked',
    message: `${path} kept the SSH server from starting, and was taken away.`,
    hint: 'If it was put there on purpose, run without open-ssh.',
  }
}

const left: OperationPlan = {
  changes: [],
  notices: [
    {
      code: 'ssh-not-enabled',
      message: 'The guest has an SSH server, but no unit or init script that could be enabled was found.',
      hint: 'Enable it in the guest by hand.',
    },
  ],
}
