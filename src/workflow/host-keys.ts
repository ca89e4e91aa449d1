import { toByteText } from '../formats/bytes.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { Identity } from '../identity/identity.ts'
import { type KeyPool, startKeyPool } from '../identity/key-pool.ts'
import type { CloneRequest } from '../identity/request.ts'
import { fingerprintOf } from '../identity/ssh-keys.ts'
import { guestHostname } from '../operations/guest-name.ts'
import { hostKeysOf, hostKeyTypes, pemTypes } from '../operations/host-keys.ts'
import type { Survey } from '../operations/survey.ts'

/** Host keys of one clone: begun while the appliance starts, taken when the guest has told which it needs. */
export interface HostKeyMaker {
  keysFor(survey: Survey): Promise<Identity['sshKeys']>
  close(): void
}

/**
 * `hostname` stands in the keys' comments; the guest's own is taken if it is undefined. `pool` is one that several clones
 * share and whoever started it closes; without it there is one for this clone alone. A clone that was given keys before gets new ones only for those of its template that came back; others are its own.
 */
export function makeHostKeys(
  request: CloneRequest,
  given: {
    readonly hostname: string | undefined
    readonly fixed: FixedIdentity | undefined
    readonly signal: AbortSignal | undefined
    readonly pool?: KeyPool
  },
): HostKeyMaker {
  const wanted = request.sshKeys ?? 'new'
  const recorded = given.fixed?.sshKeys
  let own: KeyPool | undefined
  const start = (types?: readonly string[]): KeyPool => {
    if (given.pool !== undefined) return given.pool
    own ??= startKeyPool({
      ...(types === undefined ? {} : { types }),
      ...(given.signal === undefined ? {} : { signal: given.signal }),
    })
    return own
  }
  if (wanted === 'new' && !Array.isArray(recorded)) start()
  return {
    async keysFor(survey) {
      if (wanted === 'keep' || wanted === 'leave') return { policy: wanted }
      if (wanted === 'delete') return { policy: recorded === 'delete' ? 'leave' : 'delete' }
      const { tree } = survey.guest
      const replaced = Array.isArray(recorded) ? (given.fixed?.replacedKeys ?? []) : undefined
      const types = hostKeyTypes(tree).filter((type) => replaced === undefined || holds(tree, type, replaced))
      if (replaced !== undefined && types.length === 0) return { policy: 'leave' }
      const comment = `root@${given.hostname ?? guestHostname(tree)?.short ?? 'localhost'}`
      return { policy: 'set', pairs: await start(types).take(types, comment, pemTypes(tree)) }
    },
    close: () => own?.close(),
  }
}

/** True if a key of this type is one of those that have these fingerprints. */
function holds(tree: GuestTree, type: string, fingerprints: readonly string[]): boolean {
  return hostKeysOf(tree).some(({ type: own, publicFile }) => {
    const fingerprint = publicFile?.content && fingerprintOf(toByteText(publicFile.content))
    return own === type && fingerprint !== undefined && fingerprints.includes(fingerprint)
  })
}
