import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import { openSsh } from '../../src/operations/open-ssh/open-ssh.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { identityOf, run, surveyOf } from './clone.ts'

const link = (path: string, target: string): GuestNode => ({
  path,
  kind: 'symlink',
  mode: 0o777,
  uid: 0,
  gid: 0,
  size: target.length,
  target,
})

/** A systemd unit that is enabled. */
export const enabled = (unit: string): GuestNode =>
  link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `/usr/lib/systemd/system/${unit}`)

export const masked = (unit: string): GuestNode => link(`/etc/systemd/system/${unit}`, '/dev/null')

export const program = (path: string): GuestNode => guestFile(path, '', { mode: 0o755 })

export { link }

/** A guest of systemd whose sshd starts at boot. */
export const SERVED = [
  program('/usr/sbin/sshd'),
  program('/usr/lib/systemd/systemd'),
  guestFile('/usr/lib/systemd/system/sshd.service', ''),
  enabled('sshd.service'),
]

/** What open-ssh does to a guest, twice: the second time it must find nothing to do. */
export function openIn(nodes: readonly GuestNode[], guest: Partial<Survey['guest']> = {}) {
  const once = run(surveyOf(nodes, guest), identityOf({}), openSsh)
  const again = run(once.after, identityOf({}), openSsh)
  return { ...once, again: again.changes, codes: once.notices.map(({ code }) => code) }
}
