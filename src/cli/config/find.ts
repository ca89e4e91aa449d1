import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Environment } from '../options/environment.ts'

const NAME = 'vmclone-fix.ini'
const LIMIT = 65_536

/** A configuration file that was found. */
export interface ConfigFile {
  /** As it is named to the user. */
  readonly path: string
  readonly text: string
  /** True if it lies in the VM's directory and was not named by --config: whoever made the VM wrote it. */
  readonly byVm: boolean
}

/** Where to look. */
export interface Places {
  /** Given by --config: the only one then. */
  readonly config?: string
  readonly cwd: string
  readonly vmx?: string
  /** A guest's root directory: a file in it is the guest's, and is not read. */
  readonly guest?: string
  readonly environment: Environment
}

/** The configuration files there are, the nearest first. Throws BAD_CONFIG for one that cannot be read. */
export async function findConfig({ config, cwd, vmx, guest, environment }: Places): Promise<ConfigFile[]> {
  if (config !== undefined) {
    const text = await readConfig(resolve(cwd, config), config, false)
    if (text === undefined)
      throw unreadable(config, 'does not exist', 'Give the path of a configuration file.')
    return [{ path: config, text, byVm: false }]
  }
  const vmDirectory = vmx === undefined ? undefined : dirname(vmx)
  const here = vmDirectory !== undefined && (await sameDirectory(cwd, resolve(cwd, vmDirectory)))
  const user = userDirectory(environment)
  const candidates = [
    { path: NAME, byVm: here },
    ...(vmDirectory === undefined || here ? [] : [{ path: join(vmDirectory, NAME), byVm: true }]),
    ...(user === undefined ? [] : [{ path: join(user, 'vmclone-fix', NAME), byVm: false }]),
  ]
  const files: ConfigFile[] = []
  for (const { path, byVm } of candidates) {
    if (guest !== undefined && (await liesIn(dirname(resolve(cwd, path)), resolve(cwd, guest)))) continue
    const text = await readConfig(resolve(cwd, path), path, byVm)
    if (text !== undefined) files.push({ path, text, byVm })
  }
  return files
}

/** $XDG_CONFIG_HOME, else ~/.config, on macOS too. */
function userDirectory({ XDG_CONFIG_HOME, HOME }: Environment): string | undefined {
  if (XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME)) return XDG_CONFIG_HOME
  return HOME && isAbsolute(HOME) ? join(HOME, '.config') : undefined
}

async function sameDirectory(one: string, other: string): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => path)
  return (await real(one)) === (await real(other))
}

/** True if a directory is another, or lies in it. */
async function liesIn(directory: string, within: string): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => path)
  const [inner, outer] = await Promise.all([real(directory), real(within)])
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)
}

/** The text of a regular file of sane size; undefined if there is none. A link in the VM's directory is not followed. */
async function readConfig(path: string, shown: string, byVm: boolean): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (byVm ? constants.O_NOFOLLOW : 0)
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP')
      throw unreadable(shown, 'is a symbolic link', 'Put the file itself there, or name it with --config.')
    throw unreadable(
      shown,
      `cannot be opened (${code})`,
      'Make it readable, or name another with --config.',
      cause,
    )
  }
  try {
    const { size } = await file.stat().then((stat) => {
      if (stat.isFile()) return stat
      throw unreadable(shown, 'is no regular file', 'Remove it, or name another with --config.')
    })
    if (size > LIMIT)
      throw unreadable(shown, `has ${size} bytes; the limit is ${LIMIT}`, 'Name another with --config.')
    return decode(await file.readFile(), shown)
  } finally {
    await file.close()
  }
}

function decode(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(shown, 'is not UTF-8 text', 'Save it as UTF-8.', cause)
  }
}

function unreadable(path: string, fact: string, hint: string, cause?: unknown): VmcloneError {
  return new VmcloneError('BAD_CONFIG', `configuration file ${path} ${fact}`, { hint, cause })
}
