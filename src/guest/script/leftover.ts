import type { Session } from '../session.ts'

/** Tenths of a second that a program may take to end when it is asked to, and when it is made to. */
const ASKED = 50
const MADE = 20

/**
 * Ends the guest's programs that run in the appliance still, such as a daemon that a package started: they would keep the guest's
 * file systems from being unmounted. Never throws; what does not end is found by the unmounting.
 */
export async function endPrograms(session: Session): Promise<void> {
  // guestfish takes it for a part of a list, and quotes away: there are none.
  const script = [
    `cd /proc; n=0; while [ $n -lt ${ASKED + MADE} ]; do`,
    `left=no; sig=TERM; [ $n -ge ${ASKED} ] && sig=KILL;`,
    'for pid in [0-9]*; do case $(readlink $pid/root) in /sysroot*)',
    'left=yes; kill -$sig $pid 2>/dev/null;; esac; done;',
    '[ $left = no ] && exit 0; sleep 0.1; n=$((n+1)); done',
  ]
  await session.attempt('debug', 'sh', script.join(' ')).catch(() => undefined)
}
