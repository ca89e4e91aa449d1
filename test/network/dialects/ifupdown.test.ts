import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { ifupdown } from '../../../src/network/dialects/ifupdown.ts'
import { ifupdownGuest, interfacesFixture, link, profileOf } from '../../support/ifupdown-guest.ts'

describe('the MAC of a profile', () => {
  it.each([
    [
      '/etc/udev/rules.d/70-persistent-net.rules',
      'SUBSYSTEM=="net", ATTR{address}=="00:0C:29:00:00:01", NAME="ens33"\n',
    ],
    ['/etc/systemd/network/10-lan.link', '[Match]\nMACAddress=00-0c-29-00-00-01\n\n[Link]\nName=ens33\n'],
  ])('is what %s ties the name to', (path, text) => {
    const tree = ifupdownGuest(interfacesFixture('dhcp'), [guestFile(path, text)])
    expect(profileOf(tree).mac).toBe('00:0c:29:00:00:01')
    expect(
      profileOf(
        ifupdownGuest(interfacesFixture('dhcp'), [guestFile(path, `#${text.replaceAll('\n', '\n#')}`)]),
      ).mac,
    ).toBeUndefined()
  })

  it('is else its override', () => {
    expect(profileOf(ifupdownGuest(interfacesFixture('static-netmask'))).mac).toBe('00:0c:29:aa:bb:cc')
  })
})

describe('detection', () => {
  it('says why', () => {
    expect(ifupdown.detect(ifupdownGuest(interfacesFixture('dhcp')))?.because).toBe(
      '/etc/network/interfaces and networking.service enabled',
    )
  })

  it.each([
    ['masked', [link('/etc/systemd/system/networking.service', '/dev/null')], interfacesFixture('dhcp')],
    ['only lo', [], 'iface lo inet loopback\n'],
  ])('not in force: %s', (_, more, text) => {
    expect(ifupdown.detect(ifupdownGuest(text, more))).toBeUndefined()
  })
})
