import { VmcloneError } from '../../errors/index.ts'
import type { ByteText } from '../../formats/bytes.ts'
import { escapeValue, unescapeValue } from '../../formats/dictionary-escape.ts'
import type { Encoding } from '../../formats/encoding.ts'

/**
 * A value in the file's encoding with escapes, as it is to be written.
 * Throws VALUE_NOT_ENCODABLE, or ENCODING_UNKNOWN for other than ASCII in an unknown encoding.
 *
 * In Shift_JIS, GBK and Big5 the second byte of a character can be "|", which starts an escape. It is not known
 * whether VMware undoes escapes before or after decoding. What is written here is right for the latter, and is
 * refused where the former would read something else.
 */
export function encodeValue(value: string, encoding: Encoding, key: string, file: string): ByteText {
  const written = encoding.encode(escapeValue(value))
  if (written !== undefined && encoding.decode(unescapeValue(written)) === value) return written
  throw new VmcloneError(
    encoding.known ? 'VALUE_NOT_ENCODABLE' : 'ENCODING_UNKNOWN',
    `${file}: ${key} cannot be set to ${JSON.stringify(value)} in the encoding of the file (${encoding.name})`,
  )
}
