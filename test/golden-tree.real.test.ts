import { lstatSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDirectory } from '../src/guest/directory/directory.ts'
import { planClone } from '../src/workflow/plan.ts'
import { surveyClone } from '../src/workflow/survey.ts'
import { readGolden } from './support/golden.ts'
import { expectedListing, impliedDirectories, layDown, listDirectory } from './support/golden-directory.ts'
import { identityFor, operationsFor } from './support/golden-identity.ts'
import { scratchDirectory } from './support/scratch.ts'

const ROOT = 'fixtures/guests'
const scratch = scratchDirectory()

// Owners need root. Every golden guest as a real directory, surveyed, planned, written and read back as `tree` does it.
describe.runIf(process.getuid?.() === 0).each(readdirSync(ROOT))('the directory of guest %s', (name) => {
  const { guest, before, after } = readGolden(join(ROOT, name))
  const root = mkdtempSync(join(scratch, 'guest-'))
  layDown(before, root)

  test('is as it was when nothing is committed, and becomes what it should when it is', async () => {
    const untouched = listDirectory(root)
    expect(untouched).toEqual(expectedListing(before, []))
    const changes = await apply(root, guest, false)
    expect(changes.length).toBeGreaterThan(0)
    expect(listDirectory(root)).toEqual(untouched)
    const inodes = inodesOf(root, Object.keys(untouched))
    expect(await apply(root, guest, true)).toEqual(changes)
    const gone = (path: string) => guest.removed.some((one) => path === one || path.startsWith(`${one}/`))
    const kept = impliedDirectories(before.nodes()).filter((path) => !gone(path))
    expect(listDirectory(root)).toEqual(expectedListing(after, kept))
    expect(inodes).toMatchObject(inodesOf(root, Object.keys(inodes)))
    expect(await apply(root, guest, true)).toEqual([])
  })
})

async function apply(root: string, golden: ReturnType<typeof readGolden>['guest'], commit: boolean) {
  const guest = await openDirectory(root)
  try {
    const operations = operationsFor(golden)
    const survey = await surveyClone(undefined, guest, [], operations)
    const { changes } = planClone(survey, identityFor(golden, survey), operations)
    await guest.write(changes)
    expect(await guest.verify(changes)).toEqual([])
    if (commit) expect(guest.commit()).toEqual([])
    return changes
  } finally {
    await guest.close()
  }
}

/** Files are written in place, so that their inodes stay. */
function inodesOf(root: string, paths: readonly string[]): Record<string, number> {
  const found = paths.map(
    (path) => [path, lstatSync(join(root, path), { throwIfNoEntry: false })?.ino] as const,
  )
  return Object.fromEntries(found.filter(([, inode]) => inode !== undefined)) as Record<string, number>
}
