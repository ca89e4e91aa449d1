import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Processes, zombies apart, that have this directory in their environment or on their command line. */
export function using(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => ['environ', 'cmdline'].some((file) => holds(`/proc/${pid}/${file}`, directory)))
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'latin1').includes(text)
  } catch {
    return false
  }
}

/**
 * Runs a script, which prints a directory and goes on, in a process that is then killed; gives who still uses that directory after at
 * most five seconds. Throws if nobody did before.
 */
export async function outliving(script: string, env: NodeJS.ProcessEnv): Promise<number[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const directory = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    child.once('exit', () => reject(new Error('the child ended early')))
  })
  if (using(directory).length === 0) throw new Error(`nobody uses ${directory}`)
  child.kill('SIGKILL')
  for (let waited = 0; waited < 5000 && using(directory).length > 0; waited += 100) await sleep(100)
  const left = using(directory)
  rmSync(directory, { recursive: true, force: true })
  return left
}
