import { describe, expect, test } from 'vitest'
import { renderChanges } from '../../../src/cli/render/changes.ts'
import { columnsOf } from '../../../src/cli/render/columns.ts'
import { jsonReport } from '../../../src/cli/render/json.ts'
import { renderNotices } from '../../../src/cli/render/notices.ts'
import { look } from '../../../src/cli/render/paint.ts'
import { renderReport } from '../../../src/cli/render/report.ts'
import type { Change } from '../../../src/transaction/change.ts'
import type { CloneReport } from '../../../src/workflow/report.ts'
import { FAILED, FIXED, PLANNED, SCRIPTED, UNCHANGED } from './reports.ts'

const screens = '../../../fixtures/cli'

describe('a report for people', () => {
  test.each([
    ['fixed', FIXED, 100],
    ['planned', PLANNED, 100],
    ['unchanged', UNCHANGED, 100],
    ['planned-narrow', PLANNED, 40],
  ] as const)('reads as fixtures/cli/%s.txt', async (name, report, width) => {
    await expect(renderReport(report, { diff: false }, look(width, false))).toMatchFileSnapshot(
      `${screens}/${name}.txt`,
    )
  })

  test.each([FIXED, PLANNED])('shows nothing secret and nothing that a terminal obeys: $status', (report) => {
    const text = renderReport(report, { diff: true }, look(80, false))
    expect(text).not.toMatch(/PRIVATE|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    expect(text).toContain('\\x1b')
  })

  test.each([40, 50, 57, 80, 100, 200])('stays within %i columns', (width) => {
    const long = 'a'.repeat(60)
    const report: CloneReport = {
      ...SCRIPTED,
      notices: [...SCRIPTED.notices, { code: 'tcg-used', message: `see /${long}/b`, hint: `in /${long}` }],
      changes: [
        ...FIXED.changes,
        { at: 'guest', kind: 'remove', path: `/etc/${long}`, operation: 'machine-id', summary: long },
      ],
    }
    for (const status of ['fixed', 'planned'] as const) {
      const text = renderReport({ ...report, status }, { diff: false }, look(width, false))
      const [shown = ''] = text.split('\n--- a')
      for (const line of [...shown.split('\n'), ...renderNotices(report.notices, look(width, false))])
        expect(columnsOf(line)).toBeLessThanOrEqual(width)
    }
  })

  test.each([
    ['machine-id', '/etc/machine-id', 'f13320779b4745caa656525532ee068d', 80],
    ['ssh-host-keys', '/etc/ssh/ssh_host_rsa_key', 'SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg', 90],
  ])(
    '%s stands beneath its path where the columns beside it would break it',
    (operation, path, id, width) => {
      const change: Change = { at: 'guest', kind: 'remove', path, operation, summary: `new: ${id}` }
      const wide: Change = {
        ...change,
        path: '/etc/ssh/ssh_host_ed25519_key.pub',
        summary: 'address',
        operation: 'network',
      }
      expect(renderChanges([change, wide], look(width, false)).slice(1, 3)).toEqual([
        `  - ${path}`,
        `      ${operation}: new: ${id}`,
      ])
      expect(renderChanges([change, wide], look(120, false))[1]).toContain(`new: ${id}`)
    },
  )

  test('names the scripts that ran, also where nothing else was done', () => {
    const text = renderReport(SCRIPTED, { diff: false }, look(100, false))
    expect(text).toContain(
      'Scripts that ran afterwards\n  /x/web\\x1b[31m.gf: 5 commands\n  /x/users.gf: 1 command\n',
    )
    expect(text).toMatch(/^Changed 1 VM file, 4 guest files and 1 disk id, ran 2 scripts in 12\.3 s\./m)
    const alone = { ...SCRIPTED, changes: [], scripts: SCRIPTED.scripts?.slice(1) ?? [] }
    expect(renderReport(alone, { diff: false }, look(100, false))).toContain(
      'Changed no file, ran a script in',
    )
    const planned = { ...SCRIPTED, status: 'planned' } as const
    expect(renderReport(planned, { diff: false }, look(100, false))).toContain(
      'Scripts that would run afterwards; a dry run runs none\n',
    )
    expect(renderReport(planned, { diff: false }, look(100, false))).toMatch(
      /^1 VM file, 4 guest files and 1 disk id would change, and 2 scripts would run\. Nothing was written/m,
    )
  })

  test('colours change nothing but the looks', () => {
    const plain = renderReport(PLANNED, { diff: false }, look(80, false))
    const coloured = renderReport(PLANNED, { diff: false }, look(80, true))
    expect(coloured).not.toBe(plain)
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('the JSON document', () => {
  const document = (report: typeof FIXED) =>
    JSON.parse(jsonReport([report], { applied: true, seconds: 12.5 })) as unknown

  test('has the keys of the contract in a stable order', () => {
    const text = jsonReport([FIXED], { applied: true, seconds: 12.5 })
    const keys = [...text.matchAll(/^ *"(\w+)":/gm)].map(([, key]) => key)
    expect(keys.filter((key, index) => keys.indexOf(key) === index)).toEqual(
      'version applied clones name vmx status identity displayName hostname uuid machineId nics device mac ipv4 gateway dns profile dialect sshHostKeys type fingerprint changes at path operation summary diff notices code message hint seconds'.split(
        ' ',
      ),
    )
  })

  test('has the scripts that ran', () => {
    expect(document(SCRIPTED)).toMatchObject({ clones: [{ scripts: SCRIPTED.scripts }] })
    expect(document(FIXED)).not.toHaveProperty('clones.0.scripts')
  })

  test('has a diff for every change, without what is secret', () => {
    expect(document(FIXED)).toMatchObject({
      version: 1,
      applied: true,
      clones: [
        {
          status: 'fixed',
          seconds: 12.346,
          changes: [
            { path: 'node1.vmx', diff: expect.stringContaining('+ethernet0.addressType = "static"') },
            { path: '/etc/hostname', diff: expect.stringContaining('-debian\n+node1') },
            { path: '/etc/ssh/ssh_host_ed25519_key', diff: expect.stringContaining('content not shown') },
            { path: '/etc/hosts', diff: expect.stringContaining('+127.0.0.1') },
            { path: '/var/log/journal/0123' },
            { at: 'storage', path: '/dev/sda1', diff: expect.stringContaining('-9A14-C6C8\n+F00D-BEEF') },
          ],
        },
      ],
      seconds: 12.5,
    })
    expect(JSON.stringify(document(FIXED))).not.toContain('PRIVATE')
  })

  test('tells the error of a clone that failed', () => {
    expect(document(FAILED)).toMatchObject({
      clones: [
        {
          status: 'failed',
          error: { code: 'DISK_MISSING', message: 'node1.vmdk is not there', hint: 'Copy it again.' },
        },
      ],
    })
  })
})
