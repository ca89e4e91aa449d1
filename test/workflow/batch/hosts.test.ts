import { expect, test } from 'vitest'
import { hostsOfBatch } from '../../../src/workflow/batch/hosts.ts'
import { row } from './facts.ts'

test('every clone with a static address has its line, by FQDN and short name', () => {
  const rows = [
    row(2, 'a', { ip: '10.0.0.1' }),
    row(3, 'b', { dhcp: true }),
    row(4, 'c.x.org', { device: 'ethernet1', ip: '10.0.0.3', ip6: { address: 'fd00::3', prefix: 64 } }),
    row(5, 'Node_4', { ip: '10.0.0.4' }, { hostname: 'keep' }),
    row(6, 'd.x', { ip: '10.0.0.5' }),
    row(7, 'd.y', { ip: '10.0.0.6' }),
  ]
  expect(hostsOfBatch(rows)).toEqual([
    { address: '10.0.0.1', names: ['a'] },
    { address: '10.0.0.3', names: ['c.x.org', 'c'] },
    { address: 'fd00::3', names: ['c.x.org', 'c'] },
    { address: '10.0.0.4', names: ['node-4'] },
    { address: '10.0.0.5', names: ['d.x'] },
    { address: '10.0.0.6', names: ['d.y'] },
  ])
  expect(hostsOfBatch(rows.slice(0, 1), { short: 'base', fqdn: 'base.lab' })).toEqual([
    { address: '10.0.0.1', names: ['a.lab', 'a'] },
  ])
})
