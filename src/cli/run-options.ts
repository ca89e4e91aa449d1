import { resolve } from 'node:path'
import type { FixOptions } from '../workflow/options.ts'
import type { Invocation } from './command.ts'
import { cacheDirectory } from './directories.ts'
import type { Progress } from './progress/index.ts'

/** How clones are to be worked on, by the options that say so. */
export function runOptions({
  values,
  terminal,
  signal,
}: Invocation): Omit<FixOptions, 'vmx' | 'request' | 'onEvent' | 'askKey'> {
  const { verify, force, with: scripts, key, root, timeout, sweep } = values
  const cache = cacheDirectory(terminal.environment)
  return {
    ...(verify === undefined ? {} : { verify: verify.value }),
    ...(force === undefined ? {} : { force: force.value }),
    ...(scripts === undefined ? {} : { scripts: scripts.value.map((file) => resolve(terminal.cwd, file)) }),
    ...(key === undefined
      ? {}
      : { keys: key.value.map(({ device, file }) => ({ device, file: resolve(terminal.cwd, file) })) }),
    ...(sweep === undefined ? {} : { sweep: sweep.value }),
    ...(root === undefined ? {} : { root: root.value }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout.value }),
    ...(cache === undefined ? {} : { cacheDirectory: cache }),
    signal,
    environment: terminal.environment,
  }
}

/** Whom to ask for a passphrase, one at a time; nobody without a terminal. */
export function asking({ terminal, signal }: Invocation, { ask }: Progress): Pick<FixOptions, 'askKey'> {
  const { keyboard, stderr } = terminal
  if (keyboard === undefined || !stderr.isTTY) return {}
  let before: Promise<unknown> = Promise.resolve()
  return {
    askKey({ device, vmx }, attempt) {
      const again = attempt > 1 ? 'That passphrase does not open it. ' : ''
      const whose = vmx === undefined ? '' : ` of ${vmx}`
      const answer = before.then(async () => {
        const { readPassphrase } = await import('./passphrase.ts')
        const question = `${again}Passphrase of the encrypted ${device}${whose}: `
        return ask(question, () => readPassphrase(keyboard, signal))
      })
      before = answer.catch(() => undefined)
      return answer
    },
  }
}
