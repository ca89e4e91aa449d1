import { expect, it } from 'vitest'
import { observeNetwork } from '../../src/network/detect.ts'
import { network } from '../../src/operations/network.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'
import { ifcfgGuest, script } from '../support/ifcfg-guest.ts'
import { ifupdownGuest } from '../support/ifupdown-guest.ts'
import { keyfileGuest, profileFile } from '../support/keyfile-guest.ts'
import { netplanGuest } from '../support/netplan-guest.ts'
import { networkdGuest } from '../support/networkd-guest.ts'

const OLD = ['00:0c:29:00:00:01', '00:0c:29:00:00:02'] as const
const NEW = ['00:50:56:00:00:01', '00:50:56:00:00:02'] as const

const port = (number: 0 | 1) =>
  `[connection]\nid=port${number}\nuuid=4e80a56d-0000-4000-8000-00000000000${number}\ntype=ethernet\ncontroller=bond0\nport-type=bond\n\n[ethernet]\nmac-address=${OLD[number]}\n`

const GUESTS = {
  ifcfg: ifcfgGuest(`DEVICE=eth0\nHWADDR=${OLD[0]}\nMASTER=bond0\nSLAVE=yes\n`, 'scripts', [
    script('ifcfg-eth1', `DEVICE=eth1\nHWADDR=${OLD[1]}\nMASTER=bond0\nSLAVE=yes\n`),
    script('ifcfg-bond0', 'DEVICE=bond0\nBOOTPROTO=dhcp\nBONDING_OPTS="mode=1"\n'),
  ]),
  keyfile: keyfileGuest(
    profileFile('bond0', '[connection]\nid=bond0\ntype=bond\ninterface-name=bond0\n\n[ipv4]\nmethod=auto\n'),
    profileFile('port0', port(0)),
    profileFile('port1', port(1)),
  ),
  netplan: netplanGuest(
    `network:\n  ethernets:\n    a: {match: {macaddress: "${OLD[0]}"}, set-name: eth0}\n    b: {match: {macaddress: "${OLD[1]}"}, set-name: eth1}\n  bonds:\n    bond0: {interfaces: [a, b], dhcp4: true}\n`,
  ),
  'netplan with overrides': netplanGuest(
    `network:\n  ethernets:\n    a: {match: {macaddress: "${OLD[0]}"}, set-name: eth0, macaddress: "02:00:00:00:00:01"}\n    b: {match: {macaddress: "${OLD[1]}"}, set-name: eth1, macaddress: "02:00:00:00:00:02"}\n  bonds:\n    bond0: {interfaces: [a, b], dhcp4: true}\n`,
  ),
  ifupdown: ifupdownGuest(
    `auto bond0\niface eth0 inet manual\n\tbond-master bond0\n\thwaddress ether ${OLD[0]}\niface eth1 inet manual\n\tbond-master bond0\n\thwaddress ${OLD[1]}\niface bond0 inet dhcp\n\tbond-slaves eth0 eth1\n`,
  ),
  networkd: networkdGuest({
    'bond0.netdev': '[NetDev]\nName=bond0\nKind=bond\n',
    '10-a.network': `[Match]\nMACAddress=${OLD[0]}\n[Network]\nBond=bond0\n`,
    '10-b.network': `[Match]\nMACAddress=${OLD[1]}\n[Network]\nBond=bond0\n`,
    '20-bond.network': '[Match]\nName=bond0\n[Network]\nDHCP=yes\n',
  }),
}

it.each(Object.entries(GUESTS))('%s: each port of a bond follows its own adapter', (_, tree) => {
  const seen = observeNetwork(tree)
  const profile = seen?.profiles.find(({ name }) => name === 'bond0')
  if (!seen || !profile) throw new Error('no bond')
  const ipv4 = { method: 'static', address: '192.168.8.12', prefix: 24 } as const
  const [first, second] = OLD.map((from, i) => ({ from: [from], to: NEW[i] as string }))
  const nics = [
    nicOf({ profile, addressing: { ipv4 }, ...(first && { macChange: first }) }),
    nicOf({ device: 'ethernet1', ...(second && { macChange: second }) }),
  ]
  const { after } = run(surveyOf(tree.nodes(), { network: seen }), identityOf({ nics }), network)
  const all = after.guest.tree.nodes().map(({ path }) => after.guest.tree.text(path)?.toLowerCase() ?? '')
  const holding = (mac: string) => all.filter((text) => text.includes(mac)).length
  expect(OLD.map(holding)).toEqual([0, 0])
  expect(NEW.map(holding)).toEqual([1, 1])
  // What overrides both the old address and the new one.
  expect(holding('02:00:')).toBe(0)
  expect(all.join('').split(NEW[0])).toHaveLength(2)
})
