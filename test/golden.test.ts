import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toByteText } from '../src/formats/bytes.ts'
import type { GuestTree } from '../src/guest/tree.ts'
import type { Survey } from '../src/operations/survey.ts'
import { surveyGuest } from '../src/workflow/survey-guest.ts'
import { run } from './support/clone.ts'
import { readGolden } from './support/golden.ts'
import { identityFor, operationsFor } from './support/golden-identity.ts'

const ROOT = 'fixtures/guests'

// A golden guest is a directory below fixtures/guests; adding one adds a case. before/ holds its files, after/ those
// that are new or changed, guest.json what git cannot hold (test/support/golden.ts). All else must stay as it is.
// New host keys are pairOf(type, hostname), the new random seed is "seed" over and over.
describe.each(readdirSync(ROOT))('guest %s', (name) => {
  const { guest, before, after } = readGolden(join(ROOT, name))
  const survey: Survey = { guest: surveyGuest(before, false), vmnets: [] }
  const identity = identityFor(guest, survey)
  const operations = operationsFor(guest)
  const once = run(survey, identity, ...operations)

  it('becomes what it should, and nothing else changes', () => {
    expect(listing(once.after.guest.tree)).toEqual(listing(after))
  })

  it('says what the user should know', () => {
    expect(once.notices.map((notice) => notice.code).sort()).toEqual(guest.notices)
  })

  it('is left alone the second time', () => {
    const again = { ...survey, guest: surveyGuest(once.after.guest.tree, false) }
    expect(run(again, identityFor(guest, again), ...operations).changes).toEqual([])
  })

  it('says of each change what was there before, and gives new files mode, owner and label', () => {
    let tree = before
    for (const change of once.changes) {
      const old = tree.entry(change.path)
      if (change.kind === 'write' && old === undefined) {
        expect(change).toMatchObject({ mode: expect.any(Number), owner: { uid: 0, gid: 0 } })
        expect(change.labelLike ?? change.labelType).toBeDefined()
      } else if (change.kind === 'link') expect(old).toBeUndefined()
      else if (old?.kind === 'file') expect(change.before).toEqual(old.content)
      else expect(old).toBeDefined()
      tree = tree.with([change])
    }
  })
})

/** One line of attributes and the content for each entry, so that a difference can be read. */
function listing(tree: GuestTree): Record<string, readonly [string, string]> {
  return Object.fromEntries(
    tree.nodes().map(({ path, kind, mode, uid, gid, target, content }) => {
      const attributes = `${kind} ${mode.toString(8)} ${uid}:${gid}`
      return [path, [attributes, target ?? (content ? toByteText(content) : '')]]
    }),
  )
}
