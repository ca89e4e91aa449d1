import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type CloneJson, run } from '../support/cli.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { differences, directoryHashes, directoryManifest } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const REQUEST = ['--ip', '192.168.8.12', '--hostname', 'node2', '--hosts', '192.168.8.11 node1']

const scratch = scratchDirectory()
let vmx: string
let fixed: CloneJson
/** Of the dry run and of the fix. */
const reports: string[] = []

beforeAll(async () => {
  vmx = await copyVm((await buildGuest('static')).template, join(scratch, 'node2'))
})

const paths = (clone: CloneJson) => clone.changes.map(({ at, path }) => `${at}:${path}`).sort()

/** Everything in the report that is one machine's own. */
const ids = ({ identity }: CloneJson) => [
  identity.uuid,
  identity.machineId,
  ...identity.nics.map(({ mac }) => mac),
  ...identity.sshHostKeys.map(({ fingerprint }) => fingerprint),
]

test('a dry run writes nothing at all, and plans what is then done', async () => {
  const before = await directoryManifest(join(scratch, 'node2'))
  const { clone: planned, stdout } = await run([vmx, ...REQUEST, '--dry-run'])
  reports.push(stdout)
  expect(planned.status).toBe('planned')
  expect(planned.changes.length).toBeGreaterThan(10)
  const interfaces = planned.changes.find(({ path }) => path === '/etc/network/interfaces')
  expect(interfaces?.diff).toMatch(/^-.*192\.168\.8\.2\b/m)
  expect(interfaces?.diff).toMatch(/^\+.*192\.168\.8\.12\b/m)
  expect(differences(before, await directoryManifest(join(scratch, 'node2')))).toEqual([])
  const done = await run([vmx, ...REQUEST, '--verify'])
  fixed = done.clone
  reports.push(done.stdout)
  expect(fixed.notices.map(({ code }) => code)).not.toContain('not-verified')
  expect(fixed.status).toBe('fixed')
  expect(paths(fixed)).toEqual(paths(planned))
})

test('the report never shows a private key', () => {
  expect(reports).toHaveLength(2)
  for (const report of reports) {
    expect(report).toContain('ssh_host_ed25519_key')
    expect(report).not.toContain('PRIVATE KEY')
  }
})

test('the same request again finds nothing to do and changes no byte', async () => {
  const before = await directoryHashes(join(scratch, 'node2'))
  const { clone: again } = await run([vmx, ...REQUEST])
  expect(again.status).toBe('unchanged')
  expect(again.changes).toEqual([])
  expect(ids(again)).toEqual(ids(fixed))
  expect(differences(before, await directoryHashes(join(scratch, 'node2')))).toEqual([])
})

test('a copy of the fixed directory is a new clone', async () => {
  const before = await directoryHashes(join(scratch, 'node2'))
  const copy = await copyVm(join(scratch, 'node2'), join(scratch, 'node3'))
  const { clone: other } = await run([copy, '--ip', '192.168.8.13', '--hostname', 'node3'])
  expect(other.status).toBe('fixed')
  expect(ids(other)).toHaveLength(ids(fixed).length)
  expect(ids(other).filter((id) => ids(fixed).includes(id))).toEqual([])
  expect(other.identity.hostname).toMatch(/^node3\b/)
  expect(differences(before, await directoryHashes(join(scratch, 'node2')))).toEqual([])
})
