import { fromByteText } from '../../formats/bytes.ts'
import type { Identity } from '../../identity/identity.ts'
import { type KeyPool, startKeyPool } from '../../identity/key-pool.ts'
import type { CloneRequest } from '../../identity/request.ts'
import { hostKeyTypes } from '../../operations/host-keys.ts'
import type { Survey } from '../../operations/survey.ts'
import { makeHostKeys } from '../host-keys.ts'
import type { Draft } from './plan-rows.ts'
import type { BatchRow } from './types.ts'

/** Host keys of all clones of a batch, in the making. */
export interface KeySource {
  keysOf(survey: Survey, draft: Draft): Promise<Identity['sshKeys']>
  close(): void
}

/** Begins to make keys for the rows that get new ones. */
export function startKeySource(rows: readonly BatchRow[], signal: AbortSignal | undefined): KeySource {
  const clones = rows.filter(({ request }) => (request.sshKeys ?? 'new') === 'new').length
  const pool: KeyPool | undefined =
    clones === 0 ? undefined : startKeyPool({ clones, ...(signal === undefined ? {} : { signal }) })
  return {
    keysOf(survey, { request, identity }) {
      const given = {
        hostname: identity.hostname?.short,
        fixed: undefined,
        signal,
        ...(pool ? { pool } : {}),
      }
      return makeHostKeys(request, given).keysFor(survey)
    },
    close: () => pool?.close(),
  }
}

/** What stands for keys where they are not made (yet): it shows which files will have new ones, not what is in them. */
export function standInKeys({ guest }: Survey, { sshKeys = 'new' }: CloneRequest): Identity['sshKeys'] {
  if (sshKeys !== 'new') return { policy: sshKeys }
  return { policy: 'set', pairs: hostKeyTypes(guest.tree).map((type) => ({ type, ...STAND_IN })) }
}

const LATER = fromByteText('made when the clone is made\n')
const STAND_IN = { privateKey: LATER, publicKey: LATER, fingerprint: '(made when the clone is made)' }
