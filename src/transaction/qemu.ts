import { isAbsolute } from 'node:path'
import { execa } from 'execa'
import { VmcloneError } from '../errors/index.ts'
import { interrupted, refuseInterrupted } from './interruption.ts'

/** How a run of qemu's tools may end early. */
export interface QemuOptions {
  /** Ends the tool; the run then throws INTERRUPTED. */
  readonly signal?: AbortSignal | undefined
  /** True in a commit or rollback: Ctrl-C on the terminal must not reach the tool, and it ends its work even if we die. */
  readonly sheltered?: boolean
}

/**
 * A path as qemu takes it for a plain file whatever it holds. qemu reads "nbd:x" or "json:…" as a protocol if no slash stands
 * before the colon, and a leading "-" as an option; an absolute path is neither.
 */
export function imagePath(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) throw new TypeError(`not an absolute path: ${path}`)
  return path
}

/** Runs qemu-img or qemu-io and gives its standard output. Throws TOOL_MISSING, DISK_IN_USE, NO_SPACE, QEMU_IMG_FAILED, INTERRUPTED. */
export async function runQemu(
  tool: 'qemu-img' | 'qemu-io',
  args: readonly string[],
  { signal, sheltered, input }: QemuOptions & { readonly input?: string } = {},
): Promise<string> {
  if (signal?.aborted) throw interrupted()
  const result = await execa(tool, args, {
    reject: false,
    env: { LC_ALL: 'C' },
    all: true,
    detached: sheltered === true,
    forceKillAfterDelay: 2000,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    ...(signal && !sheltered ? { cancelSignal: signal } : {}),
  })
  if (!result.failed) return String(result.stdout)
  if (!sheltered) await refuseInterrupted(result, signal)
  if (result.code === 'ENOENT')
    throw new VmcloneError('TOOL_MISSING', `${tool} is not installed on this host`, {
      hint: `Install it: \`sudo apt-get install qemu-utils\` (Debian, Ubuntu), \`sudo dnf install qemu-img\` (Fedora, RHEL).`,
    })
  const words = String(result.all ?? '')
    .replaceAll('qemu-io> ', '')
    .trim()
  const reason = words.split('\n').at(-1) || result.shortMessage
  throw new VmcloneError(codeOf(words), `${tool} ${args[0]} failed: ${reason}`, {
    cause: new Error(words || reason),
  })
}

function codeOf(words: string): 'NO_SPACE' | 'DISK_IN_USE' | 'QEMU_IMG_FAILED' {
  if (/No space left on device|Disk quota exceeded/.test(words)) return 'NO_SPACE'
  return /Failed to get "?.*"? lock/.test(words) ? 'DISK_IN_USE' : 'QEMU_IMG_FAILED'
}
