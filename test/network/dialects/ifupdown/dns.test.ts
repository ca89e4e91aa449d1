import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../../src/guest/tree.ts'
import {
  ifupdownGuest,
  interfacesFixture,
  link,
  MAIN,
  profileOf,
  run,
  STATIC,
} from '../../../support/ifupdown-guest.ts'

describe('DNS', () => {
  const dns = ['9.9.9.9', '1.1.1.1']
  it('goes to resolv.conf where nothing acts on the option', () => {
    const tree = ifupdownGuest(interfacesFixture('dhcp'))
    const { after } = run(tree, { ...STATIC, dns })
    expect(after.text('/etc/resolv.conf')).toBe(
      '# by hand\noptions timeout:1\nnameserver 9.9.9.9\nnameserver 1.1.1.1\nsearch lab.example\n',
    )
    expect(after.text(MAIN)).not.toContain('dns-')
    expect(profileOf(after).now.dns).toEqual(dns)
  })

  it('goes to the stanza with resolvconf', () => {
    const more = [guestFile('/sbin/resolvconf', ''), link('/etc/resolv.conf', '/run/resolvconf/resolv.conf')]
    const { after, codes } = run(ifupdownGuest(interfacesFixture('dhcp'), more), {
      ...STATIC,
      dns,
      search: ['a.b'],
    })
    expect(after.text(MAIN)).toMatch(
      /gateway 192.168.8.2\n {4}dns-nameservers 9.9.9.9 1.1.1.1\n {4}dns-search a.b\n$/,
    )
    expect(codes).toEqual([])
  })

  it('is only announced where resolv.conf is a link', () => {
    const more = [link('/etc/resolv.conf', '/run/resolv.conf')]
    const { changes, codes } = run(ifupdownGuest(interfacesFixture('dhcp'), more), { ...STATIC, dns })
    expect(changes.map((change) => change.path)).toEqual([MAIN])
    expect(codes).toEqual(['dns-managed-elsewhere'])
  })

  it('keeps option and file in agreement', () => {
    const { after } = run(ifupdownGuest(interfacesFixture('static-cidr')), { dns })
    expect(after.text(MAIN)).toContain('dns-nameservers 9.9.9.9 1.1.1.1\n')
    expect(after.text('/etc/resolv.conf')).toContain('nameserver 9.9.9.9\nnameserver 1.1.1.1\n')
  })
})
