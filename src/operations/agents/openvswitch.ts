import { v4 } from 'uuid'
import type { ByteText } from '../../formats/bytes.ts'
import type { Identity } from '../../identity/identity.ts'
import { offspring } from '../../identity/offspring.ts'
import type { Survey } from '../survey.ts'

/** Puts a UUID that belongs to this clone in the place of the word that the file holds. */
export function newSystemId(_survey: Survey, identity: Identity): ((text: ByteText) => ByteText) | undefined {
  const bytes = offspring(identity, 'openvswitch')
  if (bytes === undefined) return undefined
  const id = v4({ random: bytes.slice(0, 16) })
  return (text) => text.replace(/\S+/, id)
}
