import { mkdtempSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { batch } from '../../src/workflow/batch/batch.ts'
import { fix, planFix } from '../../src/workflow/fix.ts'
import { readGuest } from '../support/disk.ts'
import { buildLayoutTemplates } from '../support/layout-templates.ts'
import { directoryHashes } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const scratch = scratchDirectory()
const environment = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const request = { hostname: 'node1', nics: [], hosts: [], enable: [], disable: [] }
let template: string
let vmx: string

beforeAll(async () => {
  template = (await buildLayoutTemplates(scratch, ['blocks-1k'])).get('blocks-1k') ?? ''
  await cp(dirname(template), join(scratch, 'node1'), { recursive: true })
  vmx = join(scratch, 'node1', 'template.vmx')
})

/** A script in a directory of its own. */
function script(...lines: readonly string[]): string {
  const directory = mkdtempSync(join(scratch, 'script-'))
  writeFileSync(join(directory, 'note'), 'from the host\n')
  const file = join(directory, 'with.gf')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const files = (of: string, wanted: readonly string[]) =>
  readGuest(
    join(dirname(of), `${of === vmx ? 'template' : of.replace(/.*\/|\.vmx$/g, '')}.vmdk`),
    scratch,
    wanted,
  )

test('a command that fails keeps nothing, whatever came before it', async () => {
  const before = await directoryHashes(dirname(vmx))
  const file = script('write /etc/motd first', '-rm /not/there', 'rm /not/there/either', 'touch /never')
  const run = fix({ vmx, request, environment, scripts: [file] })
  await expect(run).rejects.toMatchObject({
    code: 'SCRIPT_FAILED',
    message: expect.stringMatching(/with\.gf:3: rm failed: .*No such file/),
    position: { file, line: 3 },
  })
  expect(await directoryHashes(dirname(vmx))).toEqual(before)
})

test('what a script changes of what was written is told, and nothing is kept', async () => {
  const before = await directoryHashes(dirname(vmx))
  const file = script('write /etc/hostname mine')
  await expect(fix({ vmx, request, environment, scripts: [file] })).rejects.toMatchObject({
    code: 'VERIFY_MISMATCH',
    message: expect.stringContaining('/etc/hostname'),
    hint: expect.stringContaining('--with'),
  })
  expect(await directoryHashes(dirname(vmx))).toEqual(before)
})

test('scripts run once over the changed guest; again only when they are changed', async () => {
  const file = script(
    'upload ./note /etc/note',
    'lcd /',
    'cp /etc/hostname /etc/seen',
    'write /etc/motd "a\\tb"',
  )
  const scripts = [file, script('write-append /etc/motd more')]
  const ran = [
    { file, commands: 4 },
    { file: scripts[1], commands: 1 },
  ]
  const planned = await planFix({ vmx, request, environment, scripts })
  expect(planned).toMatchObject({ status: 'planned', scripts: ran })
  const stages: string[] = []
  const onEvent = (event: { type: string; stage?: string }) => {
    if (event.stage !== undefined) stages.push(event.stage)
  }
  const report = await fix({ vmx, request, environment, scripts, onEvent, verify: true })
  expect(report).toMatchObject({ status: 'fixed', scripts: ran })
  expect(stages.slice(-5)).toEqual(['write', 'script', 'verify', 'commit', 'verify'])
  const wanted = ['/etc/note', '/etc/seen', '/etc/motd']
  expect([...(await files(vmx, wanted)).texts.values()]).toEqual(['from the host\n', 'node1\n', 'a\tbmore'])
  const again = await fix({ vmx, request, environment, scripts })
  expect(again).toMatchObject({ status: 'unchanged', changes: [] })
  expect(again.scripts).toBeUndefined()
  writeFileSync(file, 'write /etc/note changed\n')
  const third = await fix({ vmx, request, environment, scripts })
  expect(third).toMatchObject({ status: 'fixed', changes: [], scripts: [{ file, commands: 1 }] })
  expect(third.identity).toEqual(report.identity)
  expect([...(await files(vmx, wanted)).texts.values()]).toEqual(['changed', 'node1\n', 'a\tbmore'])
})

test('in a batch each clone is edited, and its script sees what is its own', async () => {
  const to = join(scratch, 'clones')
  const row = (name: string, line: number) => ({ name, line, request: { ...request, hostname: name } })
  const report = await batch({
    template,
    to,
    rows: ['a1', 'a2', 'a3'].map((name, index) => row(name, index + 2)),
    hosts: 'own',
    jobs: 1,
    environment,
    scripts: [script('cp /etc/hostname /etc/seen', 'is-file /etc/stop', '-rm /etc/none')],
  })
  expect(report.clones.map(({ status, how }) => [status, how])).toEqual(Array(3).fill(['fixed', 'edited']))
  expect(report.notices.map(({ code }) => code)).toContain('scripts-not-stamped')
  for (const name of ['a1', 'a2', 'a3']) {
    const { texts } = await files(join(to, name, `${name}.vmx`), ['/etc/hostname', '/etc/seen'])
    expect([...texts.values()]).toEqual([`${name}\n`, `${name}\n`])
  }
})
