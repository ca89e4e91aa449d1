import { describe, expect, it } from 'vitest'
import { connectionUuid } from '../../src/network/connection-uuid.ts'

const from = ['00:0c:29:00:00:01']

describe('connectionUuid', () => {
  it('depends on the new MAC and the profile, and on nothing else', () => {
    const uuid = connectionUuid({ from, to: '00:50:56:00:00:01' }, 'ens33')
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(connectionUuid({ from: ['00:0c:29:00:00:09'], to: '00:50:56:00:00:01' }, 'ens33')).toBe(uuid)
    expect(connectionUuid({ from, to: '00:50:56:00:00:02' }, 'ens33')).not.toBe(uuid)
    expect(connectionUuid({ from, to: '00:50:56:00:00:01' }, 'ens34')).not.toBe(uuid)
  })

  it.each([
    ['no old MAC is known', { from: [], to: '00:50:56:00:00:01' }],
    ['the MAC stays', { from, to: from[0] as string }],
    ['the new MAC is not known', { from }],
  ])('none where %s', (_, mac) => expect(connectionUuid(mac, 'ens33')).toBeUndefined())
})
