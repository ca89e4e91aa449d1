import { describe, expect, test } from 'vitest'
import { startProgress } from '../../../src/cli/progress/index.ts'
import type { Event } from '../../../src/events.ts'

const EVENTS: readonly Event[] = [
  { type: 'stage', vmx: 'a.vmx', stage: 'check' },
  { type: 'stage', vmx: 'a.vmx', stage: 'launch' },
  { type: 'trace', vmx: 'a.vmx', text: 'guestfish\u001b: ready' },
  { type: 'stage', vmx: 'a.vmx', stage: 'commit' },
]

async function shown(how: { quiet: boolean; verbose: boolean }): Promise<string> {
  let text = ''
  const stderr = { write: (part: string) => (text += part) }
  const terminal = { stdout: stderr, stderr, environment: {}, cwd: '/' }
  const progress = await startProgress({ terminal, stages: ['check', 'launch', 'commit'], ...how })
  for (const event of EVENTS) progress.onEvent(event)
  await progress.end(true)
  return text
}

describe('progress without a terminal', () => {
  test('is one calm line a stage', async () => {
    expect(await shown({ quiet: false, verbose: false })).toBe(
      'vmclone-fix: checking the VM and its disks …\nvmclone-fix: starting the appliance …\nvmclone-fix: committing …\n',
    )
  })

  test('has the details with --verbose, made visible', async () => {
    expect(await shown({ quiet: false, verbose: true })).toContain('vmclone-fix: guestfish\\x1b: ready\n')
  })

  test('is nothing with --quiet', async () => {
    expect(await shown({ quiet: true, verbose: false })).toBe('')
  })
})
