import type { Dictionary } from '../../formats/dictionary.ts'
import { type Encoding, encodingNamed, UTF8 } from '../../formats/encoding.ts'

/** The encoding that a dictionary states by `.encoding`; never guessed from its bytes. */
export function encodingOf(dictionary: Dictionary): Encoding {
  const name = dictionary.get('.encoding')
  if (name) return encodingNamed(name)
  const text = dictionary.print()
  if (UTF8.encode(UTF8.decode(text) ?? '') === text) return UTF8
  // Old hosts wrote their own code page and no name of it: readable as far as it goes, but only ASCII is written.
  return { ...UTF8, name: 'none stated', known: false, encode: (value) => encodingNamed('').encode(value) }
}
