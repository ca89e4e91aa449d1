import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { VmcloneError } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import { type Accelerator, recallAccelerator, rememberAccelerator } from './finding.ts'
import { diskInUse } from './held-disk.ts'
import { Session } from './session.ts'
import { mayBeKvm, startFailure } from './start-failure.ts'
import { silence } from './watch.ts'

/** A disk as the appliance sees it; its order gives its name there: the first is /dev/sda. */
export interface Drive {
  /** Absolute host path; with `server`, the name of an export there. */
  readonly path: string
  /** qemu's name of the format: "qcow2", "vmdk", "raw". Never probed. */
  readonly format: string
  readonly readonly: boolean
  /** Absolute host path of the unix socket at which an NBD server has it. */
  readonly server?: string
}

export interface LaunchOptions {
  readonly drives: readonly Drive[]
  /** This process's environment; the user's LIBGUESTFS_ variables in it win. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the finding about KVM is remembered; not at all if absent. */
  readonly cacheDirectory?: string
  /** True: KVM is tried whatever is remembered. */
  readonly fresh?: boolean
  /** Seconds that one command may take; 300 unless given. */
  readonly timeoutSeconds?: number
  /** MiB at least; 512 unless LIBGUESTFS_MEMSIZE says otherwise. */
  readonly memory?: number
  readonly signal?: AbortSignal
  readonly onTrace?: (text: string) => void
  readonly onNotice?: (notice: Notice) => void
}

const FORBIDDEN: Notice = {
  code: 'tcg-used',
  message: 'this user cannot use /dev/kvm, so the appliance is emulated, which is slower',
  hint: 'Let this user open /dev/kvm (group kvm); if it is not there, switch virtualization on in the firmware, or in the hypervisor if this host is a VM itself.',
}
const BROKEN: Notice = {
  code: 'tcg-used',
  message: 'KVM does not work on this host, so the appliance is emulated, which is slower',
  hint: 'If this host is a VM itself, switch nested virtualization on; `vmclone-fix doctor` then tries KVM again.',
}

/** Seconds without a word after which a launch with KVM that was never tried here counts as hung. */
const SILENCE_SECONDS = 25

/**
 * Starts an appliance with these drives, none of them mounted. KVM is used if it works here. Throws the errors of
 * startFailure(), DISK_IN_USE, GUEST_TIMEOUT, INTERRUPTED, TOOL_MISSING.
 */
export async function launch(options: LaunchOptions): Promise<Session> {
  const { env, cacheDirectory } = options
  const chosen = env.LIBGUESTFS_BACKEND_SETTINGS || env.LIBGUESTFS_BACKEND || 'direct'
  if (chosen !== 'direct') return start(options, {})
  if (!(await kvmUsable())) return emulate(options, FORBIDDEN)
  const known =
    cacheDirectory === undefined || options.fresh ? undefined : await recallAccelerator(cacheDirectory)
  if (known === 'tcg') return emulate(options, BROKEN)
  try {
    const session = await start(options, { watched: known === undefined })
    if (known === undefined) await remember(options, 'kvm')
    return session
  } catch (error) {
    if (!(error instanceof VmcloneError && mayBeKvm(error))) throw error
    options.onTrace?.(`launch with KVM: ${error.message}`)
    const session = await emulate(options, BROKEN)
    await remember(options, 'tcg')
    return session
  }
}

/** True if the KVM device is there and this user may open it; it may still be broken. */
export async function kvmUsable(): Promise<boolean> {
  return access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function remember({ cacheDirectory }: LaunchOptions, accelerator: Accelerator): Promise<void> {
  if (cacheDirectory !== undefined) await rememberAccelerator(cacheDirectory, accelerator)
}

async function emulate(options: LaunchOptions, notice: Notice): Promise<Session> {
  const session = await start(options, { settings: 'force_tcg' })
  options.onNotice?.(notice)
  return session
}

async function start(
  options: LaunchOptions,
  how: { readonly settings?: string; readonly watched?: boolean },
): Promise<Session> {
  const { env, signal, timeoutSeconds, onTrace } = options
  const session = await Session.start({
    env: {
      ...env,
      LIBGUESTFS_BACKEND: env.LIBGUESTFS_BACKEND || 'direct',
      LIBGUESTFS_MEMSIZE: String(Math.max(Number(env.LIBGUESTFS_MEMSIZE || 0) || 512, options.memory ?? 0)),
      ...(how.settings === undefined ? {} : { LIBGUESTFS_BACKEND_SETTINGS: how.settings }),
    },
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(onTrace === undefined ? {} : { onTrace }),
  })
  try {
    await session.runAll(
      options.drives.map(({ path, format, readonly, server }) => [
        'add-drive',
        path,
        `readonly:${readonly}`,
        `format:${format}`,
        ...(server === undefined ? [] : ['protocol:nbd', `server:unix:${server}`]),
      ]),
    )
    session.verbose = how.watched === true
    if (session.verbose) await session.run('set-verbose', 'true')
    const launched = session.attempt('run')
    const answer = await (session.verbose ? silence(session, launched, SILENCE_SECONDS) : launched)
    if (!answer.ok) throw (await diskInUse(options.drives)) ?? startFailure(answer.stderr)
    if (session.verbose) await session.run('set-verbose', 'false')
    session.verbose = false
    return session
  } catch (error) {
    await session.kill()
    throw error
  }
}
