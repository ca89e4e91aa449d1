import { toByteText } from '../formats/bytes.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { Identity } from '../identity/identity.ts'
import { type KeyForge, startKeyForge } from '../identity/key-forge.ts'
import type { CloneRequest } from '../identity/request.ts'
import { fingerprintOf } from '../identity/ssh-keys.ts'
import { hostKeysOf, hostKeyTypes, pemTypes } from '../operations/host-keys.ts'
import type { Survey } from '../operations/survey.ts'

/** Host keys of one clone: begun while the appliance starts, taken when the guest has told which it needs. */
export interface HostKeyMaker {
  keysFor(survey: Survey): Promise<Identity['sshKeys']>
  close(): void
}

/**
 * `hostname` stands in the keys' comments; the guest's own is taken if it is undefined.
 * A clone that has on record the keys it still holds keeps them.
 */
export function makeHostKeys(
  request: CloneRequest,
  given: {
    readonly hostname: string | undefined
    readonly fixed: FixedIdentity | undefined
    readonly signal: AbortSignal | undefined
  },
): HostKeyMaker {
  const wanted = request.sshKeys ?? 'new'
  const recorded = given.fixed?.sshKeys
  let forge: KeyForge | undefined
  const start = (types?: readonly string[]): KeyForge => {
    forge ??= startKeyForge({
      comment: `root@${given.hostname ?? 'localhost'}`,
      ...(types === undefined ? {} : { types }),
      ...(given.signal === undefined ? {} : { signal: given.signal }),
    })
    return forge
  }
  if (wanted === 'new' && !Array.isArray(recorded)) start()
  return {
    async keysFor(survey) {
      if (wanted === 'keep') return { policy: 'keep' }
      if (wanted === 'delete') return { policy: recorded === 'delete' ? 'keep' : 'delete' }
      if (Array.isArray(recorded) && holds(survey, recorded)) return { policy: 'keep' }
      const { tree } = survey.guest
      const types = hostKeyTypes(tree)
      return { policy: 'set', pairs: await start(types).take(types, pemTypes(tree)) }
    },
    close: () => forge?.close(),
  }
}

function holds(survey: Survey, fingerprints: readonly string[]): boolean {
  const held = hostKeysOf(survey.guest.tree).map(({ publicFile }) =>
    publicFile?.content === undefined ? undefined : fingerprintOf(toByteText(publicFile.content)),
  )
  return held.every((fingerprint) => fingerprint !== undefined && fingerprints.includes(fingerprint))
}
