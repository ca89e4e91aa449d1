import { VmcloneError } from '../../errors/index.ts'
import { assignmentOf, type ShellDocument } from '../../formats/shell-assignments.ts'

const CONTROL = /^(if|case|for|while|until|select|eval|unset|source|\.|\{|\[\[?)(\s|$)/
const DEFINITION = /^(function\b|[\w-]+\s*\(\s*\))/

/** What is edited in a file that a shell reads, and how it is read. */
export interface ShellReading {
  /** Keys that are read and edited. */
  readonly keys: RegExp
  /** A program that is no shell and takes only KEY=value lines. */
  readonly reader?: string
  /** Who would take the carriage return for a part of each value; absent: it does not matter. */
  readonly crlf?: string
  /** True where functions are hooks that run later: only keys that are set in them are refused. */
  readonly hooks?: boolean
}

/** NETWORK_UNSUPPORTED for a line of a file of assignments. */
export function shellRefusal(path: string, line: number, why: string): VmcloneError {
  return new VmcloneError('NETWORK_UNSUPPORTED', `${path}:${line}: ${why}`, {
    hint: 'Write plain KEY=value lines in the template, or give no --ip.',
    position: { file: path, line },
  })
}

/** Throws NETWORK_UNSUPPORTED where it is not sure what a shell, or another reader, makes of a file's keys. */
export function refuseShellLogic(path: string, document: ShellDocument, reading: ShellReading): void {
  const { keys, reader, crlf } = reading
  const hooks = reading.hooks ? functionsOf(document) : []
  const inHook = (line: number) => hooks.some(({ first, last }) => first <= line && line <= last)
  const control = document.commands.find(({ text, line }) => {
    if (inHook(line)) return false
    return CONTROL.test(text) || (!reader && (DEFINITION.test(text) || appends(text, keys)))
  })
  if (control)
    throw shellRefusal(path, control.line, 'the file holds shell code, which chooses while the guest boots')
  for (const own of document.assignments) {
    if (!keys.test(own.key)) continue
    if (inHook(own.line))
      throw shellRefusal(path, own.line, `a function sets ${own.key} while the guest boots`)
    if (assignmentOf(document, own.key) !== own) continue
    if (own.value === undefined && !(own.elements?.every(({ value }) => value !== undefined) && !reader))
      throw shellRefusal(path, own.line, `the shell works out ${own.key} while the guest boots`)
    if (reader !== undefined && !own.alone)
      throw shellRefusal(path, own.line, `${reader} reads ${own.key} only if it stands on a line of its own`)
  }
  const returned = document.text.indexOf('\r\n')
  if (crlf !== undefined && returned >= 0)
    throw shellRefusal(
      path,
      document.text.slice(0, returned).split('\n').length,
      `lines end in CRLF, which ${crlf} for a part of each value`,
    )
}

function appends(text: string, keys: RegExp): boolean {
  const key = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/.exec(text)?.[1]
  return key !== undefined && keys.test(key)
}

/** Lines, from 1, of functions whose closing brace starts a line. */
function functionsOf({ text }: ShellDocument): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = []
  let first: number | undefined
  for (const [i, line] of text.split('\n').entries()) {
    if (first === undefined && DEFINITION.test(line)) first = i + 1
    if (first === undefined || !(/^\s{0,3}\}/.test(line) || (first === i + 1 && /\}\s*$/.test(line))))
      continue
    found.push({ first, last: i + 1 })
    first = undefined
  }
  return found
}
