import { VmcloneError } from '../errors/index.ts'
import type { ByteText } from '../formats/bytes.ts'
import { editLines, lineEndOf, splitLines } from '../formats/lines.ts'
import { assignmentOf, parseShell, shellValue } from '../formats/shell-assignments.ts'
import { setShellValue } from '../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../guest/tree.ts'

/** A file in which a family of guests keeps its static name. */
export interface NameFile {
  readonly path: string
  /** The name as written; undefined if the file has none, or one that only a shell can tell. */
  read(text: ByteText): string | undefined
  /** The file with this name; one that it has is replaced wherever it stands. */
  write(text: ByteText, name: string): ByteText
}

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

function variable(text: ByteText): string | undefined {
  return shellValue(parseShell(text), 'HOSTNAME') || undefined
}

function withVariable(text: ByteText, name: string): ByteText {
  const document = parseShell(text)
  const present = assignmentOf(document, 'HOSTNAME')
  const command = document.commands.some((one) => /\bHOSTNAME=/.test(one.text))
  const shellOnly = command || (present !== undefined && present.value === undefined)
  if (shellOnly) return text
  try {
    return setShellValue(document, 'HOSTNAME', name, ['NETWORKING']).text
  } catch (error) {
    if (!(error instanceof VmcloneError)) throw error
    return text
  }
}

function withLine(text: ByteText, line: string): ByteText {
  const lines = splitLines(text)
  const end = lineEndOf(lines)
  return `${text}${lines.at(-1)?.end === '' ? end : ''}${line}${end}`
}
