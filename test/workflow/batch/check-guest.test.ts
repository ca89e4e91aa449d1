import { expect, test } from 'vitest'
import { checkTemplateGuest } from '../../../src/workflow/batch/check-guest.ts'
import { takenIdentity } from '../../../src/workflow/batch/facts.ts'
import { FACTS, row, TEMPLATE } from './facts.ts'

const UUID = '564d0000-0000-0000-0000-000000000007'

test('drawn ids avoid all that is known', () => {
  const { macs, uuids } = takenIdentity([row(2, 'a', { mac: '00:50:56:00:00:07' }, { uuid: UUID })], FACTS)
  expect([...macs].sort()).toEqual([1, 2, 7, 9].map((last) => `00:50:56:00:00:0${last}`))
  expect([...uuids].sort()).toEqual([TEMPLATE.uuid, '564d0000-0000-0000-0000-000000000002', UUID])
})

test('the template’s guest is compared once it was read', () => {
  const rows = [
    row(2, 'a', { ip: '10.0.0.5' }),
    row(3, 'base'),
    row(4, 'a.lab', { device: 'ethernet1', ip6: { address: 'fd00::5', prefix: 64 } }),
    { ...row(5, 'base', { ip: '10.0.0.5' }), vmx: 'x.vmx' },
    row(6, 'b', {}, { hostname: 'keep' }),
  ]
  const guest = { hostname: { short: 'base', fqdn: 'base.lab' }, addresses: ['10.0.0.5', 'fd00::5'] }
  expect(
    checkTemplateGuest(rows, guest).map(({ line, column, message }) => `${line} ${column}: ${message}`),
  ).toEqual([
    '2 ip: address 10.0.0.5 is that of the template',
    '3 hostname: host name base.lab is that of the template',
    '4 hostname: host name a.lab is that of line 2',
    '4 nic1.ip6: address fd00::5 is that of the template',
  ])
})
