import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../../src/guest/tree.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { MAC, NEW, OLD, STATIC } from '../../../support/keyfile-guest.ts'
import {
  ETC,
  networkdGuest,
  networkdProfile,
  RESOLVED,
  runNetworkd,
} from '../../../support/networkd-guest.ts'

const MATCH = '[Match]\nName=ens33\n\n'
const DHCP = { ipv4: { method: 'dhcp' } } as const

function edited(before: string, want: NicAddressing): string | undefined {
  const { after } = runNetworkd(networkdGuest({ '20-lan.network': MATCH + before }, ...RESOLVED), want)
  return after.text(`${ETC}/20-lan.network`)?.slice(MATCH.length)
}

describe('a file of the NIC’s own', () => {
  const set = 'Address=10.0.0.5/24\nGateway=10.0.0.1\n'
  it.each<[string, string, NicAddressing, string]>([
    ['DHCP to static', '[Network]\nDHCP=ipv4\n', STATIC, `[Network]\nDHCP=no\n${set}`],
    [
      'IPv6 by DHCP stays where no router starts it',
      '[Network]\n# lab\nDHCP = yes\nIPv6AcceptRA=no\n\n[DHCPv6]\nWithoutRA=solicit\n',
      STATIC,
      `[Network]\n# lab\nDHCP = ipv6\n${set}IPv6AcceptRA=no\n\n[DHCPv6]\nWithoutRA=solicit\n`,
    ],
    [
      'sections of their own',
      '[Network]\nLinkLocalAddressing=no\n\n[Address]\nAddress=10.0.0.9/24\nBroadcast=10.0.0.255\nLabel=lan\n\n[Address]\nAddress=fd00::9/64\n\n[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.7\n\n[Route]\nGateway=10.0.0.254\nMetric=10\n',
      STATIC,
      '[Network]\nLinkLocalAddressing=no\n\n[Address]\nAddress=10.0.0.5/24\nLabel=lan\n\n[Address]\nAddress=fd00::9/64\n\n[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.7\n\n[Route]\nGateway=10.0.0.1\nMetric=10\n',
    ],
    [
      'without a gateway',
      '[Network]\nAddress=10.0.0.5/24\n\n[Route]\nDestination=0.0.0.0/0\nGateway=10.0.0.254\n\n[Link]\nMTUBytes=9000\n',
      { ipv4: { method: 'static', address: '10.0.0.5', prefix: 24 } },
      '[Network]\nAddress=10.0.0.5/24\n\n[Link]\nMTUBytes=9000\n',
    ],
    [
      'static to DHCP',
      '[Network]\nAddress=10.0.0.9/24\nAddress=fd00::9/64\nGateway=10.0.0.1\nGateway=fe80::1\nDNS=10.0.0.2 fd00::2\nDomains=a.example ~.\n\n[Address]\nAddress=10.0.0.8/24\n',
      DHCP,
      '[Network]\nDHCP=ipv4\nAddress=fd00::9/64\nGateway=fe80::1\nDNS=fd00::2\nDomains=a.example ~.\n\n',
    ],
    [
      'IPv6 by DHCP stays with the routers that start it',
      '[Network]\nDHCP=yes\n\n[DHCPv6]\nWithoutRA=no\n',
      STATIC,
      `[Network]\nDHCP=no\n${set}\n[DHCPv6]\nWithoutRA=no\n`,
    ],
    ['already so', `[Network]\nDHCP=no\n${set}`, STATIC, `[Network]\nDHCP=no\n${set}`],
    [
      'name servers, one line each; routing domains stay',
      '[Network]\nDHCP=no\nDNS=8.8.8.8\nDNS=8.8.4.4\nDomains=old.example ~corp\n',
      { dns: ['10.0.0.2'], search: ['new.example'] },
      '[Network]\nDHCP=no\nDNS=10.0.0.2\nDomains=new.example ~corp\n',
    ],
    [
      'name servers in one line',
      '[Network]\nDNS=8.8.8.8 8.8.4.4\n',
      { dns: ['10.0.0.2', '10.0.0.3'] },
      '[Network]\nDNS=10.0.0.2 10.0.0.3\n',
    ],
    [
      'IPv6',
      '[Network]\nDHCP=ipv4\n',
      { ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' } },
      '[Network]\nDHCP=ipv4\nAddress=fd00::5/64\nGateway=fe80::1\n',
    ],
    ['no [Network]', '', STATIC, `[Network]\n${set}`],
  ])('%s', (_, before, want, after) => expect(edited(before, want)).toBe(after))

  it('edits a drop-in where that says it', () => {
    const main = `${MATCH}[Network]\nDHCP=yes\n`
    const tree = networkdGuest(
      { '20-lan.network': main, '20-lan.network.d/10-ip.conf': '[Network]\nDHCP=no\nAddress=10.0.0.9/24\n' },
      ...RESOLVED,
    )
    const { after, changes } = runNetworkd(tree, { ipv4: { ...STATIC.ipv4 } })
    expect(changes.map(({ path }) => path)).toEqual([
      `${ETC}/20-lan.network`,
      `${ETC}/20-lan.network.d/10-ip.conf`,
    ])
    expect(networkdProfile(after).now.ipv4).toEqual(STATIC.ipv4)
    expect(after.text(`${ETC}/20-lan.network.d/10-ip.conf`)).toBe('[Network]\nDHCP=no\nAddress=10.0.0.5/24\n')
  })

  it('follows the MAC and takes the override out', () => {
    const text = `[Match]\nMACAddress=${OLD.toUpperCase()}\n\n[Link]\nMACAddress=00:0c:29:00:00:99\nMTUBytes=1400\n\n[Network]\nDHCP=yes\n`
    const tree = networkdGuest({
      '20-lan.network': text,
      '10-br.netdev': `[NetDev]\nName=br0\nKind=bridge\nMACAddress=${OLD}\n`,
    })
    const { after } = runNetworkd(tree, {}, MAC, '20-lan')
    expect(after.text(`${ETC}/20-lan.network`)).toBe(
      text.replace(OLD.toUpperCase(), NEW.toUpperCase()).replace('MACAddress=00:0c:29:00:00:99\n', ''),
    )
    expect(after.text(`${ETC}/10-br.netdev`)).toContain(`MACAddress=${NEW}`)
    const unpinned = runNetworkd(tree, {}, { from: [OLD] }, '20-lan').after.text(`${ETC}/20-lan.network`)
    expect(unpinned).toMatch(/^\[Match\]\nName=en\* eth\*\n\n\[Link\]\nMTUBytes=1400\n/)
  })
})

describe('a file for several NICs', () => {
  const glob = '[Match]\nName=e*\n\n[Network]\nDHCP=yes\nIPv6AcceptRA=no\n'
  const ours = `${ETC}/10-vmclone-nic0.network`

  it('stays, and one for the NIC comes before it, with what it said', () => {
    const tree = networkdGuest(
      { '99-dhcp-en.network.d/mtu.conf': '[Link]\nMTUBytes=1400\n' },
      ...RESOLVED,
      guestFile(`${ETC}/99-dhcp-en.network`, glob, { mode: 0o640, gid: 76 }),
    )
    const { after, changes } = runNetworkd(tree, { ...STATIC, dns: ['10.0.0.2'] }, MAC, '99-dhcp-en')
    expect(changes).toMatchObject([
      { path: ours, mode: 0o640, owner: { uid: 0, gid: 76 }, labelType: 'net_conf_t' },
    ])
    expect(after.text(ours)).toBe(
      `[Match]\nName=e*\nMACAddress=${NEW}\n\n[Network]\nDHCP=no\nAddress=10.0.0.5/24\nGateway=10.0.0.1\nDNS=10.0.0.2\nIPv6AcceptRA=no\n[Link]\nMTUBytes=1400\n`,
    )
    expect(networkdProfile(after, '10-vmclone-nic0')).toMatchObject({ mac: NEW, now: { ipv4: STATIC.ipv4 } })
  })

  it('a second NIC gets its own, and nothing is written unasked', () => {
    const first = runNetworkd(networkdGuest({ '99.network': glob }), STATIC, MAC, '99').after
    const other = { from: ['00:0c:29:aa:bb:dd'], to: '00:50:56:12:34:57' }
    expect(runNetworkd(first, {}, other, '99').changes).toEqual([])
    const want = { ipv4: { ...STATIC.ipv4, address: '10.0.0.6' } }
    expect(runNetworkd(first, want, other, '99').changes.map(({ path }) => path)).toContain(
      `${ETC}/10-vmclone-nic1.network`,
    )
  })

  it.each([
    ['20-vlan.network', '99-dhcp-en', '98-vmclone-nic0.network'],
    ['20-vlan.network', '20-wired', '20-vmclone-nic0.network'],
    ['05-vlan.network', '20-wired', '10-vmclone-nic0.network'],
  ])('comes behind %s, whose VLAN has the same MAC, and before %s', (vlan, name, path) => {
    const files = {
      'lan.netdev': '[NetDev]\nName=ens33.20\nKind=vlan\n\n[VLAN]\nId=20\n',
      [vlan]: '[Match]\nName=ens33.20\n\n[Network]\nAddress=10.20.0.9/24\n',
      [`${name}.network`]: `${glob}VLAN=ens33.20\n`,
    }
    const { changes } = runNetworkd(networkdGuest(files), STATIC, MAC, name)
    expect(changes.map((change) => change.path)).toEqual([`${ETC}/${path}`])
  })

  it('of a low name is preceded too', () => {
    const { changes } = runNetworkd(networkdGuest({ '05-all.network': glob }), STATIC, MAC, '05-all')
    expect(changes[0]?.path).toBe(`${ETC}/0-vmclone-nic0.network`)
  })
})

it('a vendor’s file for one NIC is replaced by one of its name in /etc', () => {
  const vendor = '/usr/lib/systemd/network/80-lan.network'
  const { changes, after } = runNetworkd(networkdGuest({ [vendor]: `${MATCH}[Network]\nDHCP=yes\n` }), STATIC)
  expect(changes.map(({ path }) => path)).toContain(`${ETC}/80-lan.network`)
  expect(after.text(vendor)).toBe(`${MATCH}[Network]\nDHCP=yes\n`)
  expect(networkdProfile(after).now.ipv4).toEqual(STATIC.ipv4)
})

describe('name servers', () => {
  const text = `${MATCH}[Network]\nAddress=10.0.0.9/24\n`
  const want = { dns: ['10.0.0.2'] }

  it('go to resolv.conf without systemd-resolved', () => {
    const tree = networkdGuest(
      { '20-lan.network': text },
      guestFile('/etc/resolv.conf', '# mine\nnameserver 8.8.8.8\n'),
    )
    const { after, changes } = runNetworkd(tree, want)
    expect(changes).toHaveLength(1)
    expect(after.text('/etc/resolv.conf')).toBe('# mine\nnameserver 10.0.0.2\n')
    expect(networkdProfile(after).now.dns).toEqual(['10.0.0.2'])
  })

  it('says which others systemd-resolved asks too', () => {
    const conf = guestFile('/etc/systemd/resolved.conf', '[Resolve]\n#DNS=1.1.1.1\nDNS=9.9.9.9\n')
    expect(runNetworkd(networkdGuest({ '20-lan.network': text }, conf, ...RESOLVED), want).codes).toEqual([
      'old-value-left',
    ])
  })
})
