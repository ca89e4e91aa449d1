import { fc } from '@fast-check/vitest'
import type { Ipv4Addressing } from '../../src/network/model.ts'

/** Files with a block of eth0, as hands leave them. */
export const dhcpcdFile = fc
  .tuple(
    fc.uniqueArray(
      fc.constantFrom(
        '# note',
        'hostname',
        'duid',
        'option rapid_commit',
        'static domain_name_servers=9.9.9.9',
      ),
      { maxLength: 4 },
    ),
    fc.uniqueArray(
      fc.constantFrom(
        'interface eth0',
        '\tstatic ip_address=10.0.0.5/24',
        'static ip_address=10.0.0.6',
        'static subnet_mask=255.0.0.0',
        'static routers=10.0.0.1',
        'static routers=10.0.0.2 10.0.0.3 # two',
        'static routers = 10.0.0.4',
        '; other',
        '',
        'nogateway',
        'metric 5',
        'static domain_name_servers=8.8.8.8',
        'static ip6_address=fd00::5/64',
        'interface wlan0',
        'static interface_mtu=1400',
      ),
      { maxLength: 10 },
    ),
    fc.boolean(),
  )
  .map(([global, body, tail]) => [...global, 'interface eth0', ...body].join('\n') + (tail ? '\n' : ''))

const STATIC = { method: 'static', address: '10.0.0.5', prefix: 24 } as const
const DHCP = { method: 'dhcp' } as const

/** Ways to write the block of eth0, and what dhcpcd makes of them. */
export const DHCPCD_FORMS: Readonly<Record<string, readonly [text: string, means: Ipv4Addressing]>> = {
  'blanks around the sign': ['interface eth0\nstatic ip_address = 10.0.0.5/24\n', DHCP],
  'a blank behind the sign': ['interface eth0\nstatic ip_address= 10.0.0.5/24\n', DHCP],
  'no sign': ['interface eth0\nstatic ip_address 10.0.0.5/24\n', DHCP],
  quoted: ['interface eth0\nstatic ip_address="10.0.0.5/24"\n', DHCP],
  CRLF: ['interface eth0\r\nstatic ip_address=10.0.0.5/24\r\n', DHCP],
  'tabs, and blanks at the end': ['interface\teth0 \n\tstatic\tip_address=10.0.0.5/24  \n', STATIC],
  comments: [
    'interface eth0 # lan\nstatic ip_address=10.0.0.5/24 # ours\nstatic routers=10.0.0.1#gw\n',
    { ...STATIC, gateway: '10.0.0.1' },
  ],
  'an address twice, the last of which counts, and routers twice, of which the first does': [
    'interface eth0\nstatic ip_address=10.0.0.6/24\nstatic routers=10.0.0.1\nstatic ip_address=10.0.0.5/24\nstatic routers=10.0.0.2\n',
    { ...STATIC, gateway: '10.0.0.1' },
  ],
  'a mask, which counts before the prefix': [
    'interface eth0\nstatic ip_address=10.0.0.5/24\nstatic subnet_mask=255.255.0.0\n',
    { ...STATIC, prefix: 16 },
  ],
  'no mask': ['interface eth0\nstatic ip_address=10.0.0.5\n', { ...STATIC, prefix: 8 }],
}
