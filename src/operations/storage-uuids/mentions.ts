import type { ByteText } from '../../formats/bytes.ts'
import { editLines } from '../../formats/lines.ts'

/**
 * A UUID, with dashes as they are or as systemd escapes them in the name of a unit, or without any, as GRUB has those of LUKS; or a FAT
 * serial number or the PARTUUID of an MBR partition, which are short and must stand alone.
 */
const TOKEN =
  /(?<![0-9a-z])[0-9a-f]{8}(?:(-|\\x2d)[0-9a-f]{4})(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}(?![0-9a-z])|(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])|(?<![0-9a-z-])(?:[0-9a-f]{4}(?:-|\\x2d)[0-9a-f]{4}|[0-9a-f]{8}(?:-|\\x2d)[0-9a-f]{2})(?![0-9a-z-])/gi

/** New ids by the old ones, which are in lower case. */
export type Renewals = ReadonlyMap<string, { readonly before: string; readonly after: string }>

/** The text with every id replaced that stands in it as a whole token, in whatever letter case; lengths stay. */
export function withNewIds(text: ByteText, renewals: Renewals): ByteText {
  return text.replace(TOKEN, (token) => {
    const plain = plainly(token)
    const renewal = renewals.get(plain.toLowerCase())
    if (renewal === undefined) return token
    const after = plain === renewal.before ? renewal.after : likeCase(plain, renewal.after)
    if (plain === token) return after
    return after.replaceAll('-', token.includes('\\') ? '\\x2d' : '')
  })
}

/** The same for a file of lines in which those that begin with "#" are for people alone. */
export function withNewIdsOutsideComments(text: ByteText, renewals: Renewals): ByteText {
  return editLines(text, (line) => (/^\s*#/.test(line) ? line : withNewIds(line, renewals)))
}

/** The old ids that a text names, in lower case. */
export function idsIn(text: ByteText): Set<string> {
  return new Set([...text.matchAll(TOKEN)].map(([token]) => plainly(token).toLowerCase()))
}

/** A token as blkid would print it. */
function plainly(token: string): string {
  return /^[0-9a-f]{32}$/i.test(token)
    ? token.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    : token.replaceAll('\\x2d', '-')
}

function likeCase(model: string, id: string): string {
  return /[A-F]/.test(model) && !/[a-f]/.test(model) ? id.toUpperCase() : id.toLowerCase()
}
