import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import { fixedIdentity } from '../../src/identity/fixed.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { StatePath } from '../../src/operations/agents/agent.ts'
import { agents } from '../../src/operations/agents/report.ts'
import { RESETS, resetsIn } from '../../src/operations/agents/reset.ts'
import { AGENTS } from '../../src/operations/agents/table.ts'
import { unifiedDiff } from '../../src/transaction/diff.ts'
import { selectOperations } from '../../src/workflow/select.ts'
import { identityOf, run, surveyOf } from '../support/clone.ts'

const NAME = [guestFile('/etc/hostname', 'tpl\n'), guestFile('/etc/hosts', '127.0.1.1 tpl.lan tpl\n')]
const clone = (digit: string, name: string, more: Partial<Identity> = {}): Identity =>
  identityOf({
    machineId: { policy: 'set', value: digit.repeat(32) },
    hostname: { short: name, fqdn: `${name}.lan` },
    ...more,
  })
const node1 = clone('b', 'node1')

/** What a program writes where its row looks: text that every row with a pattern for it takes. */
function stateAt(state: StatePath): GuestNode {
  const path = (typeof state === 'string' ? state : state.path).replaceAll('*', 'x')
  const text = 'Hostname=tpl\nSECRETS/MACHINE_PASSWORD/LAN\nring0_addr: 10.0.0.1\n{"resourceName":"tpl"}\n'
  return guestFile(path, text, { mode: 0o600 })
}

const cases = AGENTS.flatMap((row) => row.agent.found.map((state) => ({ row, node: stateAt(state) })))
const named = cases.map(({ row, node }) => [row.agent.name, node.path, row, node] as const)
const resetsOf = (...names: string[]) => RESETS.filter(({ name }) => names.includes(name))

describe('the table', () => {
  it('names each product once, in letters, digits and dashes', () => {
    const names = AGENTS.map(({ agent }) => agent.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([])
  })

  it('looks at no path for two products', () => {
    const paths = named.map(([name, path]) => `${name} ${path}`)
    expect(new Set(named.map(([, path]) => path)).size).toBe(paths.length)
  })

  it('never resets a cluster or a database', () => {
    expect(AGENTS.filter(({ kind, resettable }) => kind === 'cluster' && resettable)).toEqual([])
    expect(RESETS.every(({ default: usual }) => !usual)).toBe(true)
  })
})

describe.each(named)('%s at %s', (name, path, row, node) => {
  it('is told of by its path, with what to do, and nothing is changed', () => {
    const { changes, notices } = run(surveyOf([...NAME, node]), node1, agents)
    expect(changes).toEqual([])
    expect(notices).toMatchObject([{ code: row.kind === 'cluster' ? 'cluster-member' : 'agent-found' }])
    expect(notices[0]?.message).toContain(path)
    expect(notices[0]?.message).toContain(row.agent.product)
    expect(notices[0]?.hint).toContain(row.resettable ? `--enable reset-${name}` : row.agent.advice)
  })

  it('is in use no more when its file is empty', () => {
    expect(run(surveyOf([guestFile(path, '')]), node1, agents).notices).toEqual([])
  })

  it('is reset if it may be, and then not told of', () => {
    const { changes, notices, after } = run(surveyOf([...NAME, node]), node1, ...RESETS, agents)
    expect(changes.map((change) => change.operation)).toEqual(row.resettable ? [`reset-${name}`] : [])
    expect(notices.map(({ code }) => code)).not.toContain(row.resettable ? 'agent-found' : 'agent-reset')
    expect(run(after, node1, ...RESETS).changes).toEqual([])
  })

  it('shows nothing of what is deleted or emptied', () => {
    const { changes } = run(surveyOf([...NAME, node]), node1, ...RESETS)
    const hidden = changes.filter(({ operation }) => !/openvswitch|zabbix/.test(operation))
    expect(hidden.every((change) => !unifiedDiff(change).includes('MACHINE_PASSWORD'))).toBe(true)
  })

  it('is left where an earlier run reset it', () => {
    const identity = clone('b', 'node1', { resets: [`reset-${name}`] })
    const { changes, notices } = run(surveyOf([...NAME, node]), identity, ...RESETS, agents)
    expect([changes.length, notices.length]).toEqual([0, row.resettable ? 0 : 1])
  })
})

const servers = AGENTS.flatMap((row) =>
  row.resettable
    ? (row.agent.server ?? []).map((path) => [row.agent.name, path.replaceAll('*', 'x'), row] as const)
    : [],
)

it.each(servers)('%s is not reset beside %s, on which others depend', (name, path, row) => {
  const state = row.agent.found.slice(0, 1).map(stateAt)
  const survey = surveyOf([...NAME, ...state, guestFile(path, 'x')])
  const { changes, notices } = run(survey, node1, ...resetsOf(`reset-${name}`), agents)
  expect(changes).toEqual([])
  expect(notices.find(({ code }) => code === 'agent-found')?.hint).toContain(path)
})

describe('what is replaced', () => {
  const zabbix = '/etc/zabbix/zabbix_agentd.conf'
  it.each([
    ['Hostname=tpl\n', 'Hostname=node1\n'],
    ['# Hostname=tpl\r\nHostname = TPL.lan \r\n', '# Hostname=tpl\r\nHostname = node1.lan \r\n'],
    ['Hostname=prod-db\n', 'Hostname=node1\n'],
    ['Hostname=tpl,tpl-disks\n', 'Hostname=node1,tpl-disks\n'],
    ['Hostname=Zabbix server\n', 'Hostname=Zabbix server\n'],
    ['HostnameItem=system.hostname\n', 'HostnameItem=system.hostname\n'],
    ['Hostname=node1\n', 'Hostname=node1\n'],
  ])('%j becomes %j', (before, expected) => {
    const survey = surveyOf([...NAME, guestFile(zabbix, before)])
    const once = run(survey, node1, ...resetsOf('reset-zabbix'))
    expect(once.text(zabbix)).toBe(expected)
    expect(run(survey, node1, agents).notices).toHaveLength(before === expected ? 0 : 1)
  })

  it('is told of where the clone has no name to put there', () => {
    const survey = surveyOf([...NAME, guestFile(zabbix, 'Hostname=tpl\n')])
    const { changes, notices } = run(survey, identityOf({}), ...RESETS, agents)
    expect([changes.length, notices.map(({ code }) => code)]).toEqual([0, ['agent-found']])
  })

  const ovs = '/etc/openvswitch/system-id.conf'
  it('is as long for each clone, and another', () => {
    const ids = ['b', 'c'].map((digit) => {
      const survey = surveyOf([guestFile(ovs, 'd1f6f0a2-5c0e-4a36-9a53-93f0c1b2a7e4\n')])
      return run(survey, clone(digit, 'x'), ...resetsOf('reset-openvswitch')).text(ovs)
    })
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}\n$/)
  })
})

it('is put on record, and stays there', () => {
  const survey = surveyOf([guestFile('/var/lib/tailscale/tailscaled.state', '{}')])
  const { changes } = run(survey, node1, ...RESETS)
  const first = fixedIdentity(node1, { oldKeys: [], storageIds: [], resets: resetsIn(changes) })
  expect(first.resets).toEqual(['reset-tailscale'])
  expect(fixedIdentity(node1, { oldKeys: [], storageIds: [], resets: [] }, first).resets).toEqual(
    first.resets,
  )
  expect(fixedIdentity(node1, { oldKeys: [], storageIds: [], resets: [] }).resets).toBeUndefined()
})

it('finds state behind a link to its directory', () => {
  const link = { path: '/var/lib/tailscale', kind: 'symlink', target: '/data/ts' } as const
  const nodes = [
    { ...link, mode: 0o777, uid: 0, gid: 0, size: 8 },
    guestFile('/data/ts/tailscaled.state', '{}'),
  ]
  const { changes } = run(surveyOf(nodes), node1, ...RESETS)
  expect(changes.map(({ path }) => path)).toEqual(['/data/ts/tailscaled.state'])
})

test.prop([fc.subarray(cases.map(({ node }) => node))], { numRuns: 20 })(
  'nothing enabled: nothing changes',
  (nodes) => {
    const operations = selectOperations({ enable: [], disable: [] })
    const paths = new Set(nodes.map(({ path }) => path))
    const { changes } = run(surveyOf([...NAME, ...nodes]), node1, ...operations)
    expect(changes.filter(({ path }) => paths.has(path))).toEqual([])
  },
)

test.prop([fc.subarray(cases)], { numRuns: 20 })(
  'all enabled: clusters stay, and clones have the same shape',
  (chosen) => {
    const operations = selectOperations({ enable: ['reset-agents'], disable: [] })
    const survey = surveyOf([...NAME, ...chosen.map(({ node }) => node)])
    const kept = new Set(chosen.flatMap(({ row, node }) => (row.resettable ? [] : [node.path])))
    const [one, other] = [node1, clone('c', 'node2')].map((identity) =>
      run(survey, identity, ...operations).changes.filter(
        ({ at, operation }) => at === 'guest' && /^reset-/.test(operation),
      ),
    )
    expect(one?.filter(({ path }) => kept.has(path))).toEqual([])
    const shape = (changes: typeof one) =>
      changes?.map((change) => [change.kind, change.path, change.kind === 'write' ? change.after.length : 0])
    expect(shape(one)).toEqual(shape(other))
  },
)

describe('--enable and --disable', () => {
  const chosen = (enable: string[], disable: string[] = []) =>
    selectOperations({ enable, disable }).flatMap(({ name }) => (name.startsWith('reset-') ? [name] : []))

  it.each([
    [[], [], []],
    [['reset-salt'], [], ['reset-salt']],
    [['reset-salt'], ['reset-agents'], []],
  ])('%j and %j give %j', (enable, disable, expected) => {
    expect(chosen(enable, disable)).toEqual(expected)
  })

  it('name all by their group, less those that are disabled', () => {
    const all = RESETS.map(({ name }) => name)
    expect(chosen(['reset-agents'])).toEqual(all)
    expect(chosen(['reset-agents'], ['reset-salt'])).toEqual(all.filter((name) => name !== 'reset-salt'))
  })

  it.each(['reset-kubernetes', 'reset-crowdstrike', 'reset-nothing'])('refuse %s', (name) => {
    expect(() => chosen([name])).toThrow(`there is no operation "${name}"`)
  })
})
