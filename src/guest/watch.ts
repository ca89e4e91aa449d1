import { VmcloneError } from '../errors/index.ts'
import type { Session } from './session.ts'

/** What libguestfs writes, when verbose, once the appliance is built and qemu starts. */
const QEMU_STARTS = '-machine '

/**
 * Waits for a verbose launch; throws APPLIANCE_START_FAILED if nothing is heard from the appliance for so many
 * seconds. Building the appliance does not count: it may be silent for long.
 */
export function silence<T>(session: Session, launched: Promise<T>, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (Date.now() - session.lastHeard < seconds * 1000 || !session.unread.includes(QEMU_STARTS)) return
      clearInterval(timer)
      reject(new VmcloneError('APPLIANCE_START_FAILED', `the appliance says nothing for ${seconds} s`))
    }, 1000)
    launched.then(resolve, reject).finally(() => clearInterval(timer))
  })
}
