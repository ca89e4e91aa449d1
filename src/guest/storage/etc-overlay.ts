import type { Session } from '../session.ts'
import { mountFailure } from './mount-failure.ts'

/** What a release of Flatcar brings for /etc: its initrd lays the root's own /etc over it. */
const LOWER = '/usr/share/flatcar/etc'
/** overlayfs takes a directory beside the upper one; it is what Flatcar itself has used. */
const WORK = '/.etc-work'
/** Where the appliance has the guest's root. */
const ROOT = '/sysroot'

/**
 * Lays the root's /etc over what the mounted /usr brings for it, as the guest will have it: what is written, copied up
 * or deleted goes to the root. Nothing happens in releases that bring nothing. Throws FILESYSTEM_TOOL_MISSING, FILESYSTEM_DAMAGED.
 */
export async function overlayEtc(session: Session, readonly: boolean): Promise<void> {
  if ((await session.run('is-dir', LOWER)).trim() !== 'true') return
  const mount = `mount -t overlay overlay ${ROOT}/etc -o ${options(readonly)}`
  const command = readonly ? mount : `mkdir -p ${ROOT}${WORK} && ${mount}`
  const { ok, error } = await session.attempt('debug', 'sh', command)
  if (!ok) throw mountFailure('/etc', 'overlay', error)
}

/** For reading alone both are lower ones, so that the root needs no directory more. */
function options(readonly: boolean): string {
  const [own, lower, work] = ['/etc', LOWER, WORK].map((path) => ROOT + path)
  if (readonly) return `ro,lowerdir=${own}:${lower}`
  return `lowerdir=${lower},upperdir=${own},workdir=${work},redirect_dir=on,metacopy=off`
}
