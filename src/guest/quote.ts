import { VmcloneError } from '../errors/index.ts'
import { encodeName } from './names.ts'

/** guestfish reads its input in lines of at most this many bytes and cuts longer ones. */
export const LINE_LIMIT = 8191

/** A guestfish command: its name and its arguments, as text (see encodeName) or as bytes. */
export type Command = readonly [name: string, ...args: (string | Uint8Array)[]]

const ESCAPES = Array.from({ length: 256 }, (_, byte) => {
  const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
  return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
})

/**
 * An argument as guestfish's double-quoted string, in ASCII. Throws GUESTFISH_FAILED for a NUL byte, which
 * guestfish's strings cannot hold.
 */
export function quote(argument: string | Uint8Array): string {
  const bytes = typeof argument === 'string' ? encodeName(argument) : argument
  let text = ''
  for (const byte of bytes) {
    if (byte === 0) throw new VmcloneError('GUESTFISH_FAILED', 'an argument for guestfish holds a NUL byte')
    text += ESCAPES[byte]
  }
  return `"${text}"`
}

/** A command as one line without its end. Throws GUESTFISH_FAILED if guestfish could not read it whole. */
export function commandLine([name, ...args]: Command): string {
  const line = [`-${name}`, ...args.map(quote)].join(' ')
  if (line.length > LINE_LIMIT)
    throw new VmcloneError('GUESTFISH_FAILED', `the command ${name} is longer than ${LINE_LIMIT} bytes`)
  return line
}

/** How many bytes this byte takes between quotes. */
export function quotedLength(byte: number): number {
  return (ESCAPES[byte] as string).length
}
