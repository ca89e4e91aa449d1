import { rm } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { VmcloneError } from '../errors/index.ts'
import { temporaryDirectory, temporaryVariable } from './temporary.ts'

/** A guestfish child in a process group of its own, with a directory for its temporary files. */
export interface GuestfishProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly directory: string
  /** Settles when guestfish itself has ended; with an error if it could not be started. */
  readonly ended: Promise<VmcloneError | undefined>
  /** Settles when nothing of the group runs any more and the directory is removed. */
  gone(): Promise<void>
  /** Kills the group, then as gone(). */
  kill(): Promise<void>
}

/** How long qemu may take to go after guestfish has gone, before it is killed, in milliseconds. */
const PATIENCE = 5000

/** setpriv of util-linux 2.33: the kernel kills what it becomes when its parent dies. */
const DYING_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--']

/**
 * Starts guestfish. Its process group is its own, so that Ctrl-C in the terminal does not reach it before the guest's
 * file systems are unmounted; if this process dies, it is killed, and its own guard takes qemu along. Without such a setpriv its stdin
 * closes, which it sees when the command that it carries out has ended.
 */
export async function spawnGuestfish(
  env: Readonly<Record<string, string | undefined>>,
): Promise<GuestfishProcess> {
  const directory = await temporaryDirectory(env)
  const [file = '', ...args] = [...((await canDieWithUs(env)) ? DYING_WITH_US : []), 'guestfish']
  const child = execa(file, args, {
    buffer: false,
    detached: true,
    reject: false,
    cwd: '/',
    env: {
      ...env,
      ...temporaryVariable(env),
      ...{ LIBGUESTFS_TMPDIR: directory, LIBGUESTFS_DEBUG: '0', LIBGUESTFS_TRACE: '0' },
    },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  child.stdin.on('error', () => undefined)
  const ended = child.then((result) => (result.code === 'ENOENT' ? missing() : undefined))
  const finished = (async () => {
    await ended
    if (child.pid !== undefined) await groupGone(child.pid)
    await rm(directory, { recursive: true, force: true })
  })()
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    directory,
    ended,
    gone: () => finished,
    kill: async () => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
      await finished
    },
  }
}

/** False without guestfish too, so that this is told by the one who misses it. */
async function canDieWithUs(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const [file = '', ...args] = [...DYING_WITH_US, 'sh', '-c', 'command -v guestfish']
  return (await execa(file, args, { env, reject: false, stdin: 'ignore' })).exitCode === 0
}

async function groupGone(group: number): Promise<void> {
  for (let waited = 0; signalGroup(group, 0) && waited < 3 * PATIENCE; waited += 20) {
    if (waited === PATIENCE) signalGroup(group, 'SIGKILL')
    await sleep(20)
  }
}

/** False if there is no such group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

function missing(): VmcloneError {
  return new VmcloneError('TOOL_MISSING', 'guestfish is not installed on this host', {
    hint: 'Install it: `sudo apt-get install libguestfs-tools` (Debian, Ubuntu), `sudo dnf install guestfs-tools` (Fedora, RHEL).',
  })
}
