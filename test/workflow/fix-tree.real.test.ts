import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Stage } from '../../src/events.ts'
import type { CloneRequest } from '../../src/identity/request.ts'
import { fixTree, planTree } from '../../src/workflow/fix-tree.ts'
import { readGolden } from '../support/golden.ts'
import { type Entry, layDown, listDirectory } from '../support/golden-directory.ts'
import { scratchDirectory } from '../support/scratch.ts'

const { before } = readGolden('fixtures/guests/debian12-ifupdown-dhcp-to-static')
const scratch = scratchDirectory()
let root: string
let untouched: Record<string, Entry>

beforeEach(() => {
  root = mkdtempSync(join(scratch, 'guest-'))
  layDown(before, root)
  untouched = listDirectory(root)
})

const request: CloneRequest = {
  hostname: 'node1',
  sshKeys: 'keep',
  nics: [{ dhcp: true }],
  hosts: [],
  enable: [],
  disable: [],
}

describe('a run over a directory', () => {
  test.each<Stage>(['read', 'plan', 'write'])('that is aborted at %s leaves it as it was', async (at) => {
    const abort = new AbortController()
    const run = fixTree({
      root,
      request,
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type === 'stage' && event.stage === at) abort.abort()
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(listDirectory(root)).toEqual(untouched)
  })

  test('tells its steps, and plans the same without writing', async () => {
    const stages: Stage[] = []
    const onEvent = (event: { type: string; stage?: Stage }) => event.stage && stages.push(event.stage)
    const planned = await planTree({ root, request: { ...request, machineId: 'keep' }, onEvent })
    expect(stages).toEqual(['read', 'plan'])
    expect(listDirectory(root)).toEqual(untouched)
    const fixed = await fixTree({ root, request: { ...request, machineId: 'keep' } })
    expect([planned.status, fixed.status]).toEqual(['planned', 'fixed'])
    expect(fixed.changes).toEqual(planned.changes)
    expect(fixed).toMatchObject({ root, name: root.split('/').at(-1) })
  })
})
