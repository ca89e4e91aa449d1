import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A directory for the tests of a file or describe block, in whose body this is called; goes with them. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-test-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
