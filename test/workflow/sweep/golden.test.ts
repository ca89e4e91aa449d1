import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import type { Survey } from '../../../src/operations/survey.ts'
import { identityCard } from '../../../src/workflow/card.ts'
import { planClone } from '../../../src/workflow/plan.ts'
import { surveyGuest } from '../../../src/workflow/survey-guest.ts'
import { oldValues } from '../../../src/workflow/sweep/old-values.ts'
import { searchTree } from '../../../src/workflow/sweep/search.ts'
import { readGolden } from '../../support/golden.ts'
import { identityFor } from '../../support/golden-identity.ts'

const ROOT = 'fixtures/guests'

/** Every line of every golden guest that still names the old machine once it is fixed. */
function leftoversOf(name: string): string[] {
  const { guest, before } = readGolden(join(ROOT, name))
  const survey: Survey = { guest: surveyGuest(before, false), vmnets: [] }
  const identity = identityFor(guest, survey)
  const { after } = planClone(survey, identity, OPERATIONS)
  const now = after()
  const was = identityCard(survey, identity.nics, 'was')
  const is = identityCard(now, identity.nics, 'is')
  const { leftovers } = searchTree(now.guest.tree, ['/etc'], oldValues(was, is))
  return leftovers.map(
    ({ path, line, what, value, text = '(not shown)' }) =>
      `${name} ${path}:${line} ${what} ${value}: ${text}`,
  )
}

const lines = readdirSync(ROOT).flatMap(leftoversOf)

test('golden guests name their old selves only where a person must decide', async () => {
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../../fixtures/sweep/leftovers.txt')
})
