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

/** /etc/hostname (hostname(5)), what RHEL up to 6 reads, what SUSE and Slackware, OpenRC and Void read: the first that has a name counts. */
export const NAME_FILES: readonly NameFile[] = [
  { path: '/etc/hostname', read: staticLine, write: withStaticLine },
  { path: '/etc/sysconfig/network', ...variable('HOSTNAME', 'NETWORKING') },
  { path: '/etc/HOSTNAME', read: staticLine, write: withStaticLine },
  { path: '/etc/conf.d/hostname', ...variable('hostname') },
  { path: '/etc/rc.conf', ...variable('HOSTNAME') },
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

/** A variable of a file that a shell reads. */
function variable(key: string, after = ''): Pick<NameFile, 'read' | 'write'> {
  return {
    read: (text) => shellValue(parseShell(text), key) || undefined,
    write: (text, name) => {
      const document = parseShell(text)
      const present = assignmentOf(document, key)
      const command = document.commands.some((one) => new RegExp(`\\b${key}=`).test(one.text))
      const shellOnly = command || (present !== undefined && present.value === undefined)
      if (shellOnly) return text
      try {
        return setShellValue(document, key, name, [after]).text
      } catch (error) {
        if (!(error instanceof VmcloneError)) throw error
        return text
      }
    },
  }
}

function withLine(text: ByteText, line: string): ByteText {
  const lines = splitLines(text)
  const end = lineEndOf(lines)
  return `${text}${lines.at(-1)?.end === '' ? end : ''}${line}${end}`
}
