import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { ERRORS, type ErrorCode } from '../../src/errors/index.ts'
import { sparseHeader, splitDescriptor } from './disks.ts'

/** A request that the program refuses. */
export interface Refusal {
  readonly code: ErrorCode
  /** Why, in words that tell it from others of this code. */
  readonly when: string
  /** Lays down what the request is about; gives the arguments. */
  readonly request: (place: Place) => readonly string[] | Promise<readonly string[]>
  /** What the message must name: the file, option, value or device. */
  readonly names: readonly (string | RegExp)[]
  /** What the hint must say where the registry's would not do. */
  readonly hint?: string | RegExp
  readonly environment?: Readonly<Record<string, string>>
  /** A command that runs the program, such as setpriv; it is then a process of its own. */
  readonly behind?: readonly string[]
  /** True where .vmclone-fix beside the .vmx comes and goes again, which leaves a time in the directory. */
  readonly traces?: boolean
  /** True where .vmclone-fix may change or go: an interrupted run is taken up. */
  readonly settles?: boolean
  /** True where two runs need not say the same. */
  readonly varies?: boolean
  /** Files of the place that are left between old and new: these and no others; a second run would begin with them. */
  readonly leaves?: readonly string[]
}

/** A directory for one refusal, and what is laid down in it. */
export class Place {
  readonly directory: string

  constructor(scratch: string) {
    this.directory = mkdtempSync(join(scratch, 'case-'))
  }

  /** Writes a file; gives its path. */
  put(path: string, content: string | Uint8Array): string {
    const at = join(this.directory, path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, content)
    return at
  }

  /** A guest's root directory with these files, and links to their targets; gives its path. */
  guest(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): string {
    for (const [path, text] of Object.entries({ 'etc/os-release': 'ID=debian\nVERSION_ID=12\n', ...files }))
      this.put(join('guest', path), text)
    const root = join(this.directory, 'guest')
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      symlinkSync(target, join(root, path))
    }
    return root
  }

  /** A VM with an empty split disk; `lines` are added to its .vmx. Gives the path of that. */
  vm(
    lines: readonly string[] = [],
    { name = 'node1', disk = splitDescriptor('disk-s001.vmdk') } = {},
  ): string {
    this.put(`${name}/disk.vmdk`, disk)
    this.put(`${name}/disk-s001.vmdk`, sparseHeader(131072))
    return this.put(`${name}/${name}.vmx`, [...VMX, ...lines, ''].join('\n'))
  }

  /** Lets every user look into this place, and gives the files below a path to one who is not root. */
  share(path: string, owner = 0): string {
    for (const directory of [dirname(this.directory), this.directory]) chmodSync(directory, 0o755)
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isFile()) chownSync(join(path, entry.name), owner, owner)
    return path
  }

  /** Everything below with all that writing to it would change, but for what a refusal may change. */
  picture({ traces = false, settles = false }: Pick<Refusal, 'traces' | 'settles'>): Record<string, string> {
    return Object.fromEntries(below(this.directory, traces || settles, settles ? '.vmclone-fix' : undefined))
  }
}

const VMX = [
  'config.version = "8"',
  'virtualHW.version = "18"',
  'guestOS = "debian12-64"',
  'scsi0.present = "TRUE"',
  'scsi0:0.present = "TRUE"',
  'scsi0:0.fileName = "disk.vmdk"',
  'ethernet0.present = "TRUE"',
  'ethernet0.addressType = "generated"',
  'ethernet0.generatedAddress = "00:0c:29:3a:5b:7c"',
]

function below(directory: string, timeless: boolean, but?: string): [string, string][] {
  return readdirSync(directory)
    .filter((name) => name !== but)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name)
      const stat = lstatSync(path, { bigint: true })
      const { mode, uid, gid, size, mtimeNs } = stat
      const seen = stat.isDirectory() && timeless ? [mode, uid, gid] : [mode, uid, gid, size, mtimeNs]
      const content = stat.isSymbolicLink()
        ? readlinkSync(path)
        : stat.isFile()
          ? createHash('sha256').update(readFileSync(path)).digest('hex')
          : ''
      const own: [string, string] = [path, [...seen, content].join(' ')]
      return stat.isDirectory() ? [own, ...below(path, timeless, but)] : [own]
    })
}

/** How the program ended. */
export interface Ending {
  readonly exit: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program with arguments and an environment, in a directory. */
export type Runner = (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
  behind?: readonly string[],
) => Promise<Ending>

/** The whole command line in this process. */
export const inProcess: Runner = async (args, environment, cwd) => {
  let [stdout, stderr] = ['', '']
  const exit = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    environment: { PATH: process.env.PATH, ...environment },
    cwd,
  })
  return { exit, stdout, stderr }
}

/** What a user is told, and a script; and that both left everything as it was. */
export async function expectRefusal(refusal: Refusal, place: Place, runner: Runner): Promise<void> {
  const { code, names, request, settles, varies, leaves = [] } = refusal
  const args = await request(place)
  const environment = { HOME: place.directory, ...refusal.environment }
  const picture = () => place.picture(refusal)
  const before = picture()
  const json = await runner([...args, '--json', '--quiet'], environment, place.directory, refusal.behind)
  const after = picture()
  const left = Object.keys(after).filter((path) => after[path] !== before[path])
  expect(left).toEqual(leaves.map((path) => join(place.directory, path)))
  expect(Object.keys(after)).toEqual(Object.keys(before))
  const { error } = JSON.parse(json.stdout || '{}')
  expect(error, json.stderr || json.stdout).toMatchObject({ code })
  expect(json.exit).toBe(ERRORS[code].exit)
  expect(json.stderr).toBe('')
  const told = [error.message, ...(error.faults ?? []).map((fault: { message: string }) => fault.message)]
  for (const name of names) expect(told.join('\n')).toMatch(name)
  expectUseful(refusal, error)
  // The interrupted run may be at its end by now.
  if (settles || varies || leaves.length > 0) return
  const text = await runner(args, environment, place.directory, refusal.behind)
  expect(picture()).toEqual(before)
  expect([text.exit, text.stdout]).toEqual([json.exit, ''])
  const shown = squeezed(text.stderr)
  expect(shown).toContain(squeezed(`vmclone-fix: ${error.message} (${code})`))
  expect(shown).toContain(squeezed(error.hint))
}

function expectUseful({ code, hint }: Refusal, error: { message: string; hint: string }): void {
  const { meaning } = ERRORS[code]
  expect(error.message).toMatch(/\S/)
  expect(error.message).not.toBe(meaning)
  expect(error.hint).toMatch(/^[A-Z`].{9}/)
  expect(error.hint).not.toBe(meaning)
  expect(error.hint).not.toBe(error.message)
  if (hint !== undefined) expect(error.hint).toMatch(hint)
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '')
}

/** A table of a batch with these lines. */
export function table(place: Place, ...lines: readonly string[]): string {
  return place.put('nodes.csv', [...lines, ''].join('\n'))
}
