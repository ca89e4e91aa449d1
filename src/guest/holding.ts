import { VmcloneError } from '../errors/index.ts'
import { decodeName } from './names.ts'
import type { Session } from './session.ts'

/** Files that hold something, and what could not be looked into. */
export interface Holding {
  /** Absolute real paths. */
  readonly files: readonly string[]
  readonly skipped: readonly { readonly path: string; readonly why: 'large' | 'unreadable' }[]
}

/** Files larger than this many bytes are not looked into. */
export const SEARCH_LIMIT: number = 1024 * 1024

/** Where the appliance has the guest. */
const SYSROOT = '/sysroot'
/** Of the answer, in bytes; a message of the appliance holds at most 4 MiB. */
const ANSWER_LIMIT = 1024 * 1024

/**
 * The regular files at these real paths and below them that hold one of these ASCII words in any case: the appliance's own find and
 * grep look for them, in one round trip. Links are not followed, other file systems not entered, names that hold a newline are passed
 * over. Throws GUESTFISH_FAILED.
 */
export async function filesHolding(
  session: Session,
  places: readonly string[],
  words: readonly string[],
): Promise<Holding> {
  if (places.length === 0 || words.length === 0) return { files: [], skipped: [] }
  const roots = places.map((place) => shellWord(SYSROOT + place))
  const patterns = words.map((word) => `-e ${shellWord(word)}`)
  const large = `-size +${SEARCH_LIMIT}c -printf ${shellWord('large %p\\n')}`
  const grep = `-exec grep -laisF ${patterns.join(' ')} {} +`
  const find = `find ${roots.join(' ')} -xdev -type f \\( ${large} -o ${grep} \\) 2>/dev/null`
  const tools = 'command -v find && command -v grep && command -v head'
  const script = `( ${tools} ) >/dev/null || exit 1; export LC_ALL=C; ${find} | head -c ${ANSWER_LIMIT}; true`
  const { ok, output, error } = await session.attempt('debug', 'sh', script)
  if (!ok) throw new VmcloneError('GUESTFISH_FAILED', `the guest's files cannot be searched: ${error}`)
  const lines = decodeName(output).split('\n').slice(0, -1)
  const under = (prefix: string): string[] =>
    lines
      .filter((line) => line.startsWith(`${prefix}${SYSROOT}/`))
      .map((line) => line.slice(prefix.length + SYSROOT.length).replace(/^\/+/, '/'))
  return { files: under(''), skipped: under('large ').map((path) => ({ path, why: 'large' as const })) }
}

/**
 * A word that reaches the appliance's shell as it is: guestfish takes it for a part of a list, cuts it at blanks, which come back as they
 * were, and takes quotes away.
 */
function shellWord(text: string): string {
  return text
    .replace(/[^\w./:,@%+='"\x80-\uffff-]/g, '\\$&')
    .replace(/['"]/g, (quote) => `$(printf \\\\${quote === "'" ? '047' : '042'})`)
}
