import { describe, expect, it } from 'vitest'
import { VmcloneError } from '../../../../src/errors/index.ts'
import { connectionUuid } from '../../../../src/network/connection-uuid.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import {
  DIRECTORY,
  ethernet,
  keyfileGuest,
  keyfileProfile,
  MAC,
  NEW,
  OLD,
  profileFile,
  runKeyfile,
  STATIC,
  UUID,
} from '../../../support/keyfile-guest.ts'

const FILE = `${DIRECTORY}/ens33.nmconnection`
const DHCP = { ipv4: { method: 'dhcp' } } as const

/** The groups behind [ethernet] before and after. */
function groups(before: string, want: NicAddressing): string {
  const { after } = runKeyfile(keyfileGuest(profileFile('ens33.nmconnection', ethernet(before))), want)
  const text = after.text(FILE) ?? ''
  expect(text.startsWith(ethernet(''))).toBe(true)
  return text.slice(ethernet('').length)
}

describe('addresses', () => {
  const address1 = 'address1=10.0.0.5/24,10.0.0.1\n'
  it.each<[string, string, NicAddressing, string]>([
    ['DHCP to static', '[ipv4]\nmethod=auto\n', STATIC, `[ipv4]\nmethod=manual\n${address1}`],
    [
      'comments, routes and MTU stay',
      '[ipv4]\n# lab\ndns-search=lab.example;\nmethod = auto\nroute1=10.9.0.0/16,10.0.0.2\n\n[ipv6]\nmethod=auto\n',
      STATIC,
      `[ipv4]\n# lab\ndns-search=lab.example;\nmethod = manual\n${address1}route1=10.9.0.0/16,10.0.0.2\n\n[ipv6]\nmethod=auto\n`,
    ],
    ['without the group', '', STATIC, `[ipv4]\nmethod=manual\n${address1}`],
    [
      'to another',
      '[ipv4]\naddress1=10.0.0.9/24,10.0.0.1\nmethod=manual\n',
      STATIC,
      `[ipv4]\n${address1}method=manual\n`,
    ],
    [
      'gateway of its own',
      '[ipv4]\naddress1=10.9.0.9/16\ngateway=10.9.0.1\nmethod=manual\n',
      STATIC,
      '[ipv4]\naddress1=10.0.0.5/24\ngateway=10.0.0.1\nmethod=manual\n',
    ],
    [
      'the old form, and another address whose gateway would win',
      '[ipv4]\nmethod=manual\naddresses2=10.0.0.9;24;10.0.0.2;\naddress3=10.8.0.1/24,10.8.0.2\n',
      STATIC,
      '[ipv4]\nmethod=manual\naddresses2=10.0.0.5;24;10.0.0.1;\naddress3=10.8.0.1/24\n',
    ],
    [
      'no gateway',
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24,10.0.0.1\n',
      { ipv4: { method: 'static', address: '10.0.0.5', prefix: 24 } },
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\n',
    ],
    [
      'never-default',
      '[ipv4]\nmethod=auto\nnever-default=true\n',
      STATIC,
      `[ipv4]\nmethod=manual\n${address1}`,
    ],
    [
      'a gateway in a default route, its metric and the route of another table',
      '[ipv4]\nmethod=manual\naddress1=10.9.0.9/24\nroute1=0.0.0.0/0,10.9.0.1,100\nroute1_options=onlink=true\nroute2=0.0.0.0/0,10.9.0.1\nroute2_options=table=100\nroute3=0.0.0.0/0,10.9.0.2\n',
      STATIC,
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\nroute1=0.0.0.0/0,10.0.0.1,100\nroute1_options=onlink=true\nroute2=0.0.0.0/0,10.9.0.1\nroute2_options=table=100\n',
    ],
    [
      'no gateway in a default route',
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\nroute1=0.0.0.0/0,10.0.0.1\nroute1_options=mtu=1400\nroute2=10.9.0.0/16,10.0.0.2\n',
      { ipv4: { method: 'static', address: '10.0.0.5', prefix: 24 } },
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\nroute2=10.9.0.0/16,10.0.0.2\n',
    ],
    [
      'a default route to DHCP',
      '[ipv4]\nmethod=manual\naddress1=10.0.0.9/24\nroute1=0.0.0.0/0;10.0.0.1;\n',
      DHCP,
      '[ipv4]\nmethod=auto\n',
    ],
    [
      'a default route of IPv6',
      '[ipv6]\nmethod=manual\naddress1=fd00::9/64\nroute1=::/0,fd00::1\n',
      { ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' } },
      '[ipv6]\nmethod=manual\naddress1=fd00::5/64\nroute1=::/0,fe80::1\n',
    ],
    [
      'static to DHCP',
      '[ipv4]\naddress1=10.0.0.9/24\naddress2=10.0.0.8/24\ngateway=10.0.0.1\ndns=10.0.0.2;\nmethod=manual\nmay-fail=false\n',
      DHCP,
      '[ipv4]\nmethod=auto\nmay-fail=false\n',
    ],
    [
      'IPv6',
      '[ipv4]\nmethod=auto\n\n[ipv6]\naddr-gen-mode=default\nmethod=auto\n',
      { ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' } },
      '[ipv4]\nmethod=auto\n\n[ipv6]\naddr-gen-mode=default\nmethod=manual\naddress1=fd00::5/64,fe80::1\n',
    ],
    [
      'name servers by family',
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\ndns=8.8.8.8;1.1.1.1\n\n[ipv6]\nmethod=auto\n',
      { dns: ['10.0.0.2', 'fd00::2'], search: ['a.example', 'b.example'] },
      '[ipv4]\nmethod=manual\naddress1=10.0.0.5/24\ndns=10.0.0.2\ndns-search=a.example;b.example;\n\n[ipv6]\nmethod=auto\ndns=fd00::2;\n',
    ],
    [
      'name servers over those of DHCP',
      '[ipv4]\nmethod=auto\n',
      { dns: ['10.0.0.2'] },
      '[ipv4]\nmethod=auto\ndns=10.0.0.2;\nignore-auto-dns=true\n',
    ],
    [
      'line ends',
      '[ipv4]\r\nmethod=auto\r\n',
      STATIC,
      '[ipv4]\r\nmethod=manual\r\naddress1=10.0.0.5/24,10.0.0.1\n',
    ],
  ])('%s', (_, before, want, after) => expect(groups(before, want)).toBe(after))

  it('says which further addresses stay', () => {
    const text = ethernet(
      '[ipv4]\nmethod=manual\naddress1=10.0.0.9/24\naddress2=10.0.0.8/24\n[ipv6]\nmethod=manual\naddress1=fd00::9/64\n',
    )
    const { codes } = runKeyfile(keyfileGuest(profileFile('ens33.nmconnection', text)), STATIC)
    expect(codes).toEqual(['extra-address-kept', 'ipv6-kept'])
  })

  it('says which name servers an unused family cannot have', () => {
    const text = ethernet('[ipv4]\nmethod=auto\n[ipv6]\nmethod=disabled\n')
    const { after, codes } = runKeyfile(keyfileGuest(profileFile('a', text)), {
      dns: ['10.0.0.2', 'fd00::2'],
    })
    expect(codes).toEqual(['dns-family-off'])
    expect(after.text(`${DIRECTORY}/a`)).not.toContain('fd00::2')
  })
})

describe('identity', () => {
  it('renews UUID and MAC, and whatever names them', () => {
    const text = ethernet('', `interface-name=ens33\ntimestamp=1700000000`).replace(
      '[ethernet]',
      `[ethernet]\nmac-address=${OLD.toUpperCase()}\ncloned-mac-address=00:0c:29:00:00:99`,
    )
    const vlan = `[connection]\nid=v\nuuid=7b1c3a52-0d0e-4bb4-9f0a-3a1f0c9d2e11\ntype=vlan\ninterface-name=v7\n\n[vlan]\nid=7\nparent=${UUID}\n`
    const tree = keyfileGuest(profileFile('ens33.nmconnection', text), profileFile('v.nmconnection', vlan))
    const { after, changes } = runKeyfile(tree, {}, MAC)
    const uuid = connectionUuid(MAC, 'ens33.nmconnection') as string
    expect(after.text(FILE)).toBe(
      ethernet('').replace(UUID, uuid).replace('[ethernet]', `[ethernet]\nmac-address=${NEW}`),
    )
    expect(after.text(`${DIRECTORY}/v.nmconnection`)).toBe(vlan.replace(UUID, uuid))
    expect(changes).toHaveLength(2)
  })

  it('takes the pin out if the new address is not known yet', () => {
    const text = ethernet('[ipv4]\nmethod=auto\n').replace(
      '[ethernet]\n',
      `[802-3-ethernet]\nmac-address=${OLD}\nmtu=9000\n`,
    )
    const { after } = runKeyfile(keyfileGuest(profileFile('ens33.nmconnection', text)), {}, { from: [OLD] })
    expect(after.text(FILE)).toBe(text.replace(`mac-address=${OLD}\n`, ''))
  })

  it('keeps the UUID of a profile that a .nmmeta file goes by', () => {
    const tree = keyfileGuest(
      profileFile('ens33.nmconnection', ethernet('')),
      profileFile(`${UUID}.nmmeta`, `[nmmeta]\nuuid=${UUID}\n`),
    )
    expect(runKeyfile(tree, {}, MAC).changes).toEqual([])
  })

  it('refuses two files with one UUID', () => {
    const tree = keyfileGuest(profileFile('ens33', ethernet('')), profileFile('ens33.old', ethernet('')))
    const profile = { ...keyfileProfile(tree), file: `${DIRECTORY}/ens33` }
    expect(() => runKeyfile(tree, STATIC)).toThrow(VmcloneError)
    expect(profile.name).toBe('ens33')
  })
})

describe('no file at all', () => {
  it('makes one for the NIC', () => {
    const { after, changes } = runKeyfile(keyfileGuest(), STATIC, MAC, 'Wired connection 1')
    expect(changes).toMatchObject([
      {
        path: `${DIRECTORY}/vmclone-nic0.nmconnection`,
        mode: 0o600,
        owner: { uid: 0, gid: 0 },
        labelType: 'NetworkManager_etc_rw_t',
      },
    ])
    expect(after.text(`${DIRECTORY}/vmclone-nic0.nmconnection`)).toBe(
      `[connection]\nid=Wired connection 1\nuuid=${connectionUuid(MAC, 'vmclone-nic0.nmconnection')}\ntype=ethernet\n\n[ethernet]\nmac-address=${NEW}\n\n[ipv4]\nmethod=manual\naddress1=10.0.0.5/24,10.0.0.1\n\n[ipv6]\nmethod=auto\n`,
    )
    expect(keyfileProfile(after, 'Wired connection 1')).toMatchObject({ mac: NEW, now: STATIC })
    expect(keyfileProfile(after, 'Wired connection 2').shared).toBe(true)
  })

  it('asks for nothing, writes nothing', () => {
    expect(runKeyfile(keyfileGuest(), {}, MAC, 'Wired connection 1').changes).toEqual([])
  })
})
