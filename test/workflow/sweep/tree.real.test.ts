import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { CloneRequest } from '../../../src/identity/request.ts'
import { fixTree, planTree } from '../../../src/workflow/fix-tree.ts'
import { readGolden } from '../../support/golden.ts'
import { layDown } from '../../support/golden-directory.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const { before } = readGolden('fixtures/guests/debian12-ifupdown-static-to-static')
const OLD = before.text('/etc/hostname')?.trim() ?? ''
const OLD_ID = before.text('/etc/machine-id')?.trim() ?? ''
const scratch = scratchDirectory()
let root: string

beforeEach(() => {
  root = mkdtempSync(join(scratch, 'guest-'))
  layDown(before, root)
})

function put(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  chmodSync(join(root, path), mode)
}

const request: CloneRequest = {
  hostname: 'node1',
  sshKeys: 'keep',
  nics: [
    {
      ip: '192.168.8.77',
      prefix: 24,
      gateway: '192.168.8.254',
      oldMac: '00:0c:29:3a:5b:7c',
      mac: '00:50:56:12:34:56',
    },
  ],
  hosts: [],
  enable: [],
  disable: [],
}

describe('a tree', () => {
  test('whose files name nothing old is clean after the plan', async () => {
    const { sweep } = await planTree({ root, request })
    expect(sweep).toEqual({ leftovers: [], more: 0, skipped: [] })
  })

  test('is swept below /etc and the given paths, as the plan leaves it, and nothing found is edited', async () => {
    put('etc/app/app.conf', `\nserver ${OLD}\nother ${OLD}0\nhw 00-0C-29-3A-5B-7C\n`)
    put('etc/app/secret', `id ${OLD_ID}\n`, 0o600)
    put('etc/app/blob', `\0${OLD}\0`)
    put('etc/app/huge', `${OLD}\n`)
    truncateSync(join(root, 'etc/app/huge'), 2 * 1024 * 1024)
    put('etc/app/with * star', OLD)
    put('opt/app.ini', `# ${OLD}\n`)
    put('srv/unasked', OLD)
    symlinkSync('/opt', join(root, 'etc/app/link'))
    symlinkSync('opt', join(root, 'apps'))
    const options = { root, request, sweep: ['/apps', '/opt/app.ini', '/nowhere'] }
    const planned = await planTree(options)
    expect(planned.sweep).toEqual({
      leftovers: [
        { path: '/etc/app/app.conf', line: 2, what: 'hostname', value: OLD, text: `server ${OLD}` },
        {
          path: '/etc/app/app.conf',
          line: 4,
          what: 'mac',
          value: '00:0c:29:3a:5b:7c',
          text: 'hw 00-0C-29-3A-5B-7C',
        },
        { path: '/etc/app/secret', line: 1, what: 'machine-id', value: OLD_ID },
        { path: '/opt/app.ini', line: 1, what: 'hostname', value: OLD, text: `# ${OLD}` },
      ],
      more: 0,
      skipped: [
        { path: '/etc/app/blob', why: 'binary' },
        { path: '/etc/app/huge', why: 'large' },
        { path: '/etc/app/with * star', why: 'unreadable' },
        { path: '/nowhere', why: 'absent' },
      ],
    })
    const fixed = await fixTree(options)
    expect(fixed.status).toBe('fixed')
    expect(fixed.sweep?.leftovers).toEqual(planned.sweep?.leftovers)
    expect(readFileSync(join(root, 'opt/app.ini'), 'utf8')).toBe(`# ${OLD}\n`)
  })

  test('is not searched for what it keeps', async () => {
    put('etc/app.conf', OLD)
    const keep: CloneRequest = { ...request, hostname: 'keep', nics: [], machineId: 'keep' }
    expect(await planTree({ root, request: keep })).not.toHaveProperty('sweep')
  })

  test('leads nowhere outside', async () => {
    const outside = mkdtempSync(join(scratch, 'outside-'))
    writeFileSync(join(outside, 'file'), OLD)
    symlinkSync(outside, join(root, 'etc/out'))
    const { sweep } = await planTree({ root, request, sweep: ['/etc/out', `/../..${outside}`] })
    expect(sweep?.leftovers).toEqual([])
    expect(sweep?.skipped.map(({ why }) => why)).toEqual(['absent', 'absent'])
  })

  test('reads a bounded number of files', async () => {
    for (let at = 0; at < 205; at++) put(`etc/many/${String(at).padStart(3, '0')}`, OLD)
    const { sweep } = await planTree({ root, request })
    const { leftovers = [], more = 0, skipped = [] } = sweep ?? {}
    expect(leftovers).toHaveLength(100)
    expect(new Set(skipped.map(({ why }) => why))).toEqual(new Set(['many']))
    expect(leftovers.length + more + skipped.length).toBe(205)
  })
})
