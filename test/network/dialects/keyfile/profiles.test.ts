import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../../../src/guest/tree.ts'
import { keyfile } from '../../../../src/network/dialects/keyfile.ts'
import { link } from '../../../support/ifupdown-guest.ts'
import {
  DIRECTORY,
  ethernet,
  keyfileGuest,
  keyfileProfile,
  OLD,
  profileFile,
  UUID,
} from '../../../support/keyfile-guest.ts'

const names = (...nodes: GuestNode[]) => keyfile.profiles(keyfileGuest(...nodes)).map(({ name }) => name)

describe('which files are read', () => {
  it.each<[string, Partial<GuestNode>, boolean]>([
    ['ens33.nmconnection', {}, true],
    ['Wired connection 1', {}, true],
    ['ens33.nmconnection.bak', {}, true],
    ['ens33~', {}, false],
    ['.ens33.nmconnection.swp', {}, false],
    ['ens33.nmconnection.X7bQ2z', {}, false],
    ['client.pem', {}, false],
    ['ens33.nmconnection', { mode: 0o644 }, false],
    ['ens33.nmconnection', { uid: 1000 }, false],
  ])('%s %j: %s', (name, more, read) => {
    expect(names(profileFile(name, ethernet(''), more)).includes('ens33')).toBe(read)
  })

  it('says what is passed over', () => {
    const tree = keyfileGuest(profileFile('ens33', ethernet(''), { mode: 0o644 }))
    const profile = keyfileProfile(tree, 'Wired connection 1')
    const { notices } = keyfile.edit(tree, {
      profile,
      addressing: { ipv4: { method: 'static', address: '10.0.0.5', prefix: 24 } },
      mac: { from: [] },
      operation: 'network',
    })
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/system-connections\/ens33: its mode is 0644/),
    ])
  })

  it('a file in /etc comes before the vendor’s with its UUID', () => {
    const vendor = guestFile('/usr/lib/NetworkManager/system-connections/v.nmconnection', ethernet(''))
    expect(
      keyfile.profiles(keyfileGuest(vendor, profileFile('a', ethernet('')))).map(({ file }) => file),
    ).toEqual([`${DIRECTORY}/a`, `${DIRECTORY}/vmclone-nic0.nmconnection`])
    expect(names(vendor)[0]).toBe('ens33')
    expect(names(vendor, link(`/etc/NetworkManager/system-connections/${UUID}.nmmeta`, '/dev/null'))).toEqual(
      ['Wired connection 1'],
    )
  })

  it('what GLib refuses is no profile', () => {
    expect(names(profileFile('ens33', ethernet('junk\n')))).toEqual(['Wired connection 1'])
  })
})

describe('what a profile says', () => {
  const now = (groups: string) => keyfileProfile(keyfileGuest(profileFile('ens33', ethernet(groups)))).now
  it.each<[string, object]>([
    ['', { ipv4: { method: 'dhcp' } }],
    ['[ipv4]\nmethod=disabled\n[ipv6]\nmethod=auto\n', {}],
    [
      '[ipv4]\nmethod=manual\naddress3=10.0.0.7/24,10.0.0.2\naddresses1=10.0.0.5;24;10.0.0.1;\naddress=10.0.0.9/8\n',
      { ipv4: { method: 'static', address: '10.0.0.9', prefix: 8, gateway: '10.0.0.1' } },
    ],
    [
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5,10.0.0.1\ngateway=10.0.0.3\ndns=1.1.1.1;8.8.8.8\n[ipv6]\nmethod=manual\naddress1=FD00:0::5/64\n',
      {
        ipv4: { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.3' },
        ipv6: { address: 'fd00::5', prefix: 64 },
        dns: ['1.1.1.1', '8.8.8.8'],
      },
    ],
    [
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24,10.0.0.1\nnever-default=true\n',
      { ipv4: { method: 'static', address: '10.0.0.5', prefix: 24 } },
    ],
  ])('%j', (groups, expected) => expect(now(groups)).toEqual(expected))
})

describe('which profiles could carry the address', () => {
  const profile = (id: string, type: string, more = '', groups = '') =>
    profileFile(
      `${id}.nmconnection`,
      `[connection]\nid=${id}\nuuid=00000000-0000-4000-8000-0000000000${id.length}${id.length}\ntype=${type}\ninterface-name=${id}\n${more}\n${groups}`,
    )
  const bond = profile('bond0', 'bond')
  const ports = [
    profile('ens33', 'ethernet', 'controller=bond0\nport-type=bond'),
    profile('ens34', '802-3-ethernet', 'master=bond0\nslave-type=bond'),
  ]

  it('the bond, not its ports', () => {
    const [first, ...more] = keyfile.profiles(keyfileGuest(bond, ...ports)).filter((one) => !one.shared)
    expect(first).toMatchObject({ name: 'bond0', ports: ['ens33', 'ens34'] })
    expect(more).toEqual([])
  })

  it('a VLAN if nothing below it has an address, with what it stands on', () => {
    const off = profile('ens33', 'ethernet', '', '[ipv4]\nmethod=disabled\n\n[ipv6]\nmethod=disabled\n')
    const vlan = profile('ens33.7', 'vlan', '', '[vlan]\nid=7\nparent=ens33\n')
    expect(keyfileProfile(keyfileGuest(off, vlan), 'ens33.7').ports).toEqual(['ens33'])
    expect(names(profile('ens33', 'ethernet'), vlan)).toEqual(['ens33', 'Wired connection 1'])
  })

  it('no bridge without ports, no Wi-Fi, none that does not connect', () => {
    expect(
      names(
        profile('virbr0', 'bridge'),
        profile('wlan', 'wifi'),
        profile('ens36', 'ethernet', 'autoconnect=false'),
      ),
    ).toEqual(['Wired connection 1'])
  })

  it('the one that NetworkManager prefers for an interface', () => {
    const old = profileFile(
      'old',
      ethernet('', 'interface-name=ens33\nautoconnect-priority=-999').replace('id=ens33', 'id=old'),
    )
    expect(names(old, profileFile('new', ethernet('')))).toEqual(['ens33', 'Wired connection 1'])
  })

  it('none besides one for every device', () => {
    expect(names(profileFile('any', ethernet('', '')))).toEqual(['ens33'])
  })

  it('knows the MAC of a profile', () => {
    const text = ethernet('').replace('[ethernet]', `[ethernet]\nmac-address=${OLD.toUpperCase()}`)
    expect(keyfileProfile(keyfileGuest(profileFile('ens33', text))).mac).toBe(OLD)
  })
})

describe('detection', () => {
  const file = profileFile('ens33', ethernet(''))
  const plugin = guestFile('/usr/lib64/NetworkManager/1.40.16-1.el8/libnm-settings-plugin-ifcfg-rh.so', '')
  const ifcfg = guestFile('/etc/sysconfig/network-scripts/ifcfg-ens33', 'TYPE=Ethernet\n')
  const conf = (text: string, name = '/etc/NetworkManager/conf.d/10.conf') => guestFile(name, text)
  const off = '[keyfile]\nunmanaged-devices=*,except:type:wifi\n'
  it.each<[string, GuestNode[], boolean]>([
    ['with a profile', [file], true],
    ['without any', [], true],
    ['ifcfg files that are read', [plugin, ifcfg], false],
    ['ifcfg files that are not', [ifcfg], true],
    ['both', [plugin, ifcfg, file], true],
    ['ethernet unmanaged', [file, conf(off)], false],
    [
      'ethernet unmanaged by the vendor, taken back by /etc',
      [file, conf(off, '/usr/lib/NetworkManager/conf.d/10.conf'), conf('')],
      true,
    ],
    [
      'netplan',
      [
        file,
        guestFile('/etc/netplan/a.yaml', 'network:\n  ethernets: {}\n'),
        guestFile('/usr/sbin/netplan', ''),
      ],
      false,
    ],
    ['masked', [file, link('/etc/systemd/system/NetworkManager.service', '/dev/null')], false],
  ])('%s', (_, nodes, found) => {
    expect(keyfile.detect(keyfileGuest(...nodes)) !== undefined).toBe(found)
  })
})
