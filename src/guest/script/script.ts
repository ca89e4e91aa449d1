import { VmcloneError } from '../../errors/index.ts'
import { type ByteText, toByteText } from '../../formats/bytes.ts'
import { LINE_LIMIT } from '../quote.ts'
import { refusalOf } from './refused.ts'
import { wordsOf } from './words.ts'

/** One command of a script. */
export interface ScriptCommand {
  /** From 1. */
  readonly line: number
  /** guestfish's command, for messages: arguments may be secret. */
  readonly name: string
  /** The line without indentation, leading "-" and line end. */
  readonly text: ByteText
  /** True if it had a leading "-": then it may fail. */
  readonly mayFail: boolean
}

/** A file of guestfish commands, checked. */
export interface Script {
  /** Absolute path. */
  readonly file: string
  /** Hex SHA-256 of what it holds. */
  readonly digest: string
  readonly commands: readonly ScriptCommand[]
}

/**
 * The commands of a script in the syntax of `guestfish --file`. Throws SCRIPT_REFUSED for a line that guestfish could not
 * read, or that would run a program on the host or take the appliance from under our feet.
 */
export function parseScript(bytes: Uint8Array, file: string): ScriptCommand[] {
  return toByteText(bytes)
    .split('\n')
    .flatMap((whole, index) => {
      const line = index + 1
      const refuse = (fact: string): never => {
        throw new VmcloneError('SCRIPT_REFUSED', `${file}:${line}: ${fact}`, { position: { file, line } })
      }
      const trimmed = whole.replace(/\r$/, '').replace(/^[ \t]+/, '')
      if (trimmed === '' || trimmed.startsWith('#')) return []
      if (/^<?!/.test(trimmed)) refuse('the line runs a program on this host')
      const mayFail = trimmed.startsWith('-')
      const text = trimmed.replace(/^-/, '')
      if (text.length + 1 > LINE_LIMIT) refuse(`the line is longer than ${LINE_LIMIT - 1} bytes`)
      if (text.includes('\0')) refuse('the line holds a NUL byte')
      const words = wordsOf(text)
      if ('fault' in words) return refuse(`the line ${words.fault}`)
      const { name } = words
      if (!/^[a-z][a-z0-9_-]*$/i.test(name)) refuse('the line does not begin with the name of a command')
      const why = refusalOf(words)
      if (why !== undefined) refuse(why)
      return [{ line, name, text, mayFail }]
    })
}
