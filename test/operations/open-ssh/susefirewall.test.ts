import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { enabled, openIn, SERVED } from '../../support/ssh-guest.ts'

describe('SuSEfirewall2', () => {
  const FILE = '/etc/sysconfig/SuSEfirewall2'
  it.each([
    ['FW_SERVICES_EXT_TCP=""\n', 'FW_SERVICES_EXT_TCP="22"\n'],
    [
      '# ports\nFW_SERVICES_EXT_TCP="80 443"\nFW_DEV_EXT="eth0"\n',
      '# ports\nFW_SERVICES_EXT_TCP="80 443 22"\nFW_DEV_EXT="eth0"\n',
    ],
    ['FW_SERVICES_EXT_TCP="ssh"\n', 'FW_SERVICES_EXT_TCP="ssh"\n'],
    ['FW_SERVICES_EXT_TCP="20:25"\n', 'FW_SERVICES_EXT_TCP="20:25"\n'],
    ['FW_CONFIGURATIONS_EXT="apache2 sshd"\n', 'FW_CONFIGURATIONS_EXT="apache2 sshd"\n'],
  ])('%j', (before, after) => {
    const { text, again } = openIn([...SERVED, enabled('SuSEfirewall2.service'), guestFile(FILE, before)])
    expect(text(FILE)).toBe(after)
    expect(again).toEqual([])
  })

  it('is left where it does not start', () => {
    expect(openIn([...SERVED, guestFile(FILE, 'FW_SERVICES_EXT_TCP=""\n')]).changes).toEqual([])
  })
})
