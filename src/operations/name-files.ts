import type { ByteText } from '../formats/bytes.ts'
import { editLines, lineEndOf, splitLines } from '../formats/lines.ts'
import type { GuestTree } from '../guest/tree.ts'

/** A file in which a family of guests keeps its static name. */
export interface NameFile {
  readonly path: string
  /** The name as written; undefined if the file has none, or one that only a shell can tell. */
  read(text: ByteText): string | undefined
  /** The file with this name; one that it has is replaced wherever it stands. */
  write(text: ByteText, name: string): ByteText
}

const ASSIGNMENT = /^\s*(?:export\s+)?HOSTNAME=/
const VARIABLE = /^(\s*(?:export\s+)?HOSTNAME=)(["']?)([A-Za-z0-9._-]*)\2(?=\s*(?:#.*|;\s*)?$)/

/** /etc/hostname (hostname(5)), what RHEL up to 6 reads, and what SUSE and Slackware read: the first that has a name counts. */
export const NAME_FILES: readonly NameFile[] = [
  { path: '/etc/hostname', read: staticLine, write: withStaticLine },
  { path: '/etc/sysconfig/network', read: variable, write: withVariable },
  { path: '/etc/HOSTNAME', read: staticLine, write: withStaticLine },
]

/** The name that a file of the guest holds; undefined if the file is absent. */
export function nameIn(tree: GuestTree, { path, read }: NameFile): string | undefined {
  const text = tree.text(path)
  return text === undefined ? undefined : read(text)
}

/** The line of a hostname(5) file that counts, blanks around it left out. */
function staticLine(text: ByteText): string | undefined {
  return splitLines(text)
    .map((line) => line.text.trim())
    .find((line) => line !== '' && !line.startsWith('#'))
}

function withStaticLine(text: ByteText, name: string): ByteText {
  const old = staticLine(text)
  if (old === undefined) return withLine(text, name)
  let done = false
  return editLines(text, (line) => {
    if (done || line.trim() !== old) return line
    done = true
    return line.replace(old, () => name)
  })
}

/** The shell takes the last assignment. */
function variable(text: ByteText): string | undefined {
  const last = splitLines(text).findLast((line) => ASSIGNMENT.test(line.text))?.text ?? ''
  return VARIABLE.exec(last)?.[3] || undefined
}

function withVariable(text: ByteText, name: string): ByteText {
  if (!splitLines(text).some((line) => ASSIGNMENT.test(line.text))) return withLine(text, `HOSTNAME=${name}`)
  return editLines(text, (line) =>
    line.replace(VARIABLE, (_, key: string, quote: string) => `${key}${quote}${name}${quote}`),
  )
}

function withLine(text: ByteText, line: string): ByteText {
  const lines = splitLines(text)
  const end = lineEndOf(lines)
  return `${text}${lines.at(-1)?.end === '' ? end : ''}${line}${end}`
}
