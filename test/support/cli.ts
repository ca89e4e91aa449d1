import { resolve } from 'node:path'
import { execa } from 'execa'

/** One clone in the JSON document, as far as the tests look at it. */
export interface CloneJson {
  readonly name: string
  readonly vmx: string
  readonly status: 'fixed' | 'unchanged' | 'planned' | 'failed'
  readonly identity: {
    readonly hostname: string
    readonly uuid: string
    readonly machineId: string
    readonly nics: readonly {
      readonly device: string
      readonly mac: string
      readonly ipv4: string
      readonly gateway: string
    }[]
    readonly sshHostKeys: readonly { readonly type: string; readonly fingerprint: string }[]
  }
  readonly changes: readonly {
    readonly at: string
    readonly path: string
    readonly operation: string
    readonly diff?: string
  }[]
  readonly notices: readonly { readonly code: string }[]
}

/** How a run of the built command line ended. */
export interface Run {
  readonly exit: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** The only clone of the JSON document. */
  readonly clone: CloneJson
}

const MAIN = resolve('dist/cli/main.js')

/** Starts `vmclone-fix … --json`; the caller may kill it. */
export function start(args: readonly string[]) {
  return execa('node', [MAIN, ...args, '--json'], { reject: false, stdin: 'ignore' })
}

/** Runs `vmclone-fix … --json` to its end, which must be good. */
export async function run(args: readonly string[]): Promise<Run> {
  const { exitCode, stdout, stderr } = await start(args)
  if (exitCode !== 0) throw new Error(`exit status ${exitCode}\n${stdout}\n${stderr}`)
  const document = JSON.parse(stdout)
  return { exit: exitCode, stdout, stderr, clone: document.clones[0] }
}
