import type { ByteText } from '../../formats/bytes.ts'
import { editLines } from '../../formats/lines.ts'

/** What may stand for a dash: systemd escapes it in the name of a unit. */
const DASH = String.raw`-|\\x2d`
const START = String.raw`(?<!(?<!\\x2)[0-9a-z])`
const END = '(?![0-9a-z])'
/**
 * Ids as whole tokens: a UUID; one of LVM; either without dashes, LVM's also before another in a name of device-mapper; a FAT serial number
 * or the PARTUUID of an MBR partition, which are short and must stand alone.
 */
const TOKEN = new RegExp(
  [
    `${START}[0-9a-f]{8}(?:(?<dash>${DASH})[0-9a-f]{4})(?:\\k<dash>[0-9a-f]{4}){2}\\k<dash>[0-9a-f]{12}${END}`,
    `${START}[0-9a-z]{6}(?:(?<line>${DASH})[0-9a-z]{4})(?:\\k<line>[0-9a-z]{4}){4}\\k<line>[0-9a-z]{6}${END}`,
    `${START}[0-9a-z]{32}${END}`,
    `(?<=LVM(?:${DASH}))[0-9a-z]{32}(?=[0-9a-z]{32}${END})`,
    `(?<![0-9a-z-])(?:[0-9a-f]{4}(?:${DASH})[0-9a-f]{4}|[0-9a-f]{8}(?:${DASH})[0-9a-f]{2})(?![0-9a-z-])`,
  ].join('|'),
  'gi',
)
/** Where the dashes of 32 digits are, in a UUID and in an id of LVM. */
const FORMS = [
  /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i,
  /^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/,
]
/** Of LVM: letter case counts. */
const OF_LVM = /^.{6}(-.{4}){5}-.{6}$/

/** New ids by the old ones, which are in lower case. */
export type Renewals = ReadonlyMap<string, { readonly before: string; readonly after: string }>

/** The text with every id replaced that stands in it as a whole token, in whatever letter case, but LVM's in theirs; lengths stay. */
export function withNewIds(text: ByteText, renewals: Renewals): ByteText {
  return text.replace(TOKEN, (token) => {
    for (const id of spellings(token)) {
      const renewal = renewals.get(id.toLowerCase())
      if (renewal === undefined || (OF_LVM.test(id) && id !== renewal.before)) continue
      const after = id === renewal.before ? renewal.after : likeCase(id, renewal.after)
      return after.replaceAll('-', token.includes('\\') ? '\\x2d' : token.includes('-') ? '-' : '')
    }
    return token
  })
}

/** The same for a file of lines in which those that begin with "#" are for people alone. */
export function withNewIdsOutsideComments(text: ByteText, renewals: Renewals): ByteText {
  return editLines(text, (line) => (/^\s*#/.test(line) ? line : withNewIds(line, renewals)))
}

/** The old ids that a text names, in lower case. */
export function idsIn(text: ByteText): Set<string> {
  return new Set(
    [...text.matchAll(TOKEN)].flatMap(([token]) => spellings(token)).map((id) => id.toLowerCase()),
  )
}

/** The ids that a token may stand for, as blkid would print them. */
function spellings(token: string): string[] {
  if (/[-\\]/.test(token)) return [token.replaceAll('\\x2d', '-')]
  return FORMS.flatMap((form) => form.exec(token)?.slice(1).join('-') ?? [])
}

function likeCase(model: string, id: string): string {
  return /[A-F]/.test(model) && !/[a-f]/.test(model) ? id.toUpperCase() : id.toLowerCase()
}
