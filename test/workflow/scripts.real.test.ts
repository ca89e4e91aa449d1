import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { batch } from '../../src/workflow/batch/batch.ts'
import { fix, planFix } from '../../src/workflow/fix.ts'
import type { CloneReport, ScriptReport } from '../../src/workflow/report.ts'
import { readGuest } from '../support/disk.ts'
import { buildLayoutTemplates } from '../support/layout-templates.ts'
import { directoryHashes } from '../support/manifest.ts'
import { expectRefusal, inProcess, Place, type Refusal } from '../support/refusal.ts'
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

describe('what is read back otherwise is refused', () => {
  const mismatch: Omit<Refusal, 'when' | 'request'> = {
    code: 'VERIFY_MISMATCH',
    // guestfish keeps its history at home.
    environment: { LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg', HOME: scratch },
    traces: true,
    varies: true,
    names: [
      /^\/etc\/hostname is not as it was written: \d bytes that differ instead of the 6 bytes planned$/,
    ],
  }
  const asked = async (place: Place, ...more: string[]) => {
    const own = join(place.directory, 'node1')
    await cp(dirname(template), own, { recursive: true })
    return [join(own, 'template.vmx'), '--hostname', 'node1', ...more]
  }

  test('where a script wrote it', () =>
    expectRefusal(
      {
        ...mismatch,
        when: 'a script changed it',
        request: (place) => asked(place, '--with', script('write /etc/hostname mine')),
        hint: '--with',
      },
      new Place(scratch),
      inProcess,
    ))

  test('where somebody else did: guestfish is one that lets another writer in', async () => {
    const { stdout: real } = await execa('which', ['guestfish'])
    const bin = mkdtempSync(join(scratch, 'bin-'))
    const second = `/^-write "\\/etc\\/hostname"/a write /etc/hostname other`
    const wrapper = `#!/bin/sh\nsed -u '${second}' | ${real}\n`
    writeFileSync(join(bin, 'guestfish'), wrapper, { mode: 0o755 })
    await expectRefusal(
      {
        ...mismatch,
        when: 'another writer changed it',
        request: (place) => asked(place),
        environment: { ...mismatch.environment, PATH: `${bin}:${process.env.PATH}` },
        hint: 'Run again; if it happens twice, check the disk',
      },
      new Place(scratch),
      inProcess,
    )
  })
})

describe('scripts that do well', () => {
  let scripts: readonly string[]
  let ran: readonly ScriptReport[]
  let report: CloneReport
  const wanted = ['/etc/note', '/etc/seen', '/etc/motd']

  beforeAll(() => {
    const file = script(
      'upload ./note /etc/note',
      'lcd /',
      'cp /etc/hostname /etc/seen',
      'write /etc/motd "a\\tb"',
    )
    scripts = [file, script('write-append /etc/motd more')]
    ran = [
      { file, commands: 4 },
      { file: scripts[1] ?? '', commands: 1 },
    ]
  })

  test('are told by a dry run, which runs none', async () => {
    const before = await directoryHashes(dirname(vmx))
    const planned = await planFix({ vmx, request, environment, scripts })
    expect(planned).toMatchObject({ status: 'planned', scripts: ran })
    expect(await directoryHashes(dirname(vmx))).toEqual(before)
  })

  test('run in their order over the changed guest', async () => {
    const stages: string[] = []
    const onEvent = (event: { type: string; stage?: string }) => {
      if (event.stage !== undefined) stages.push(event.stage)
    }
    report = await fix({ vmx, request, environment, scripts, onEvent, verify: true })
    expect(report).toMatchObject({ status: 'fixed', scripts: ran })
    expect(stages.slice(-5)).toEqual(['write', 'script', 'verify', 'commit', 'verify'])
    expect([...(await files(vmx, wanted)).texts.values()]).toEqual(['from the host\n', 'node1\n', 'a\tbmore'])
  })

  test('run once', async () => {
    const before = await directoryHashes(dirname(vmx))
    const again = await fix({ vmx, request, environment, scripts })
    expect(again).toMatchObject({ status: 'unchanged', changes: [] })
    expect(again.scripts).toBeUndefined()
    expect(await directoryHashes(dirname(vmx))).toEqual(before)
  })

  test('run again when they are changed, where nothing else is to be done', async () => {
    const [file = ''] = scripts
    writeFileSync(file, 'write /etc/note changed\n')
    const third = await fix({ vmx, request, environment, scripts })
    expect(third).toMatchObject({ status: 'fixed', changes: [], scripts: [{ file, commands: 1 }] })
    expect(third.identity).toEqual(report.identity)
    expect([...(await files(vmx, wanted)).texts.values()]).toEqual(['changed', 'node1\n', 'a\tbmore'])
  })
})

describe('in a batch', () => {
  const make = (name: string, rows: readonly string[], file: string) =>
    batch({
      template,
      to: join(scratch, name),
      rows: rows.map((row, index) => ({
        name: row,
        line: index + 2,
        request: { ...request, hostname: row },
      })),
      hosts: 'own',
      jobs: 1,
      environment,
      scripts: [file],
    })

  test('each clone is edited, and its script sees what is its own', async () => {
    const file = script('cp /etc/hostname /etc/seen', 'is-file /etc/stop', '-rm /etc/none')
    const { clones, notices } = await make('clones', ['a1', 'a2', 'a3'], file)
    const each = { status: 'fixed', how: 'edited', scripts: [{ file, commands: 3 }] }
    expect(clones).toMatchObject(Array(3).fill(each))
    expect(notices.map(({ code }) => code)).toContain('scripts-not-stamped')
    for (const name of ['a1', 'a2', 'a3']) {
      const { texts } = await files(join(scratch, 'clones', name, `${name}.vmx`), [
        '/etc/hostname',
        '/etc/seen',
      ])
      expect([...texts.values()]).toEqual([`${name}\n`, `${name}\n`])
    }
  })

  test('a guest that a script keeps from being unmounted fails, and is under no other clone', async () => {
    const hold = ['fallocate /swap 1048576', 'mkswap-file /swap', 'swapon-file /swap']
    const { clones } = await make('held', ['b1', 'b2'], script(...hold))
    expect(clones).toMatchObject(
      ['b1', 'b2'].map((name) => ({
        name,
        status: 'failed',
        error: { code: 'SCRIPT_FAILED', message: expect.stringContaining('cannot be unmounted') },
      })),
    )
    expect(readdirSync(join(scratch, 'held')).filter((name) => !name.startsWith('.'))).toEqual([])
  })
})
