import { fileURLToPath } from 'node:url'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { computeVmnet } from '../../../src/network/vmnet/compute.ts'
import { parseDhcpdConf } from '../../../src/network/vmnet/dhcpd.ts'
import { parseNatConf } from '../../../src/network/vmnet/nat.ts'
import { parseNetmap } from '../../../src/network/vmnet/netmap.ts'
import { parseNetworking } from '../../../src/network/vmnet/networking.ts'
import { readVmnets } from '../../../src/network/vmnet/read.ts'

const read = (name: string) =>
  readVmnets({ directory: fileURLToPath(new URL(`../../../fixtures/vmnet/${name}`, import.meta.url)) })

describe('readVmnets', () => {
  it('Linux: each file says its part, later lines win', async () => {
    expect(await read('linux')).toEqual([
      { name: 'vmnet0', mode: 'bridged', reservations: [] },
      {
        name: 'vmnet1',
        mode: 'hostonly',
        subnet: { address: '192.168.70.0', prefix: 24 },
        dns: ['192.168.70.2'],
        hostAddress: '192.168.70.1',
        dhcpRange: { first: '192.168.70.128', last: '192.168.70.254' },
        reservations: [],
      },
      {
        name: 'vmnet8',
        mode: 'nat',
        subnet: { address: '192.168.8.0', prefix: 24 },
        gateway: '192.168.8.2',
        dns: ['192.168.8.2'],
        hostAddress: '192.168.8.1',
        dhcpRange: { first: '192.168.8.128', last: '192.168.8.254' },
        reservations: [
          { mac: '00:50:56:27:c8:0b', address: '192.168.8.10' },
          { mac: '00:0c:29:7b:18:db', address: '192.168.8.20' },
        ],
      },
      { name: 'vmnet9', mode: 'hostonly', reservations: [] },
    ])
  })

  it('macOS', async () => {
    expect(await read('macos')).toMatchObject([
      { name: 'vmnet8', mode: 'nat', gateway: '172.16.160.2', hostAddress: '172.16.160.1' },
    ])
  })

  it('computes what only networking says, in a /24', async () => {
    expect(await read('bare')).toEqual([
      {
        name: 'vmnet1',
        mode: 'hostonly',
        subnet: { address: '10.11.12.0', prefix: 24 },
        hostAddress: '10.11.12.1',
        reservations: [],
      },
      {
        name: 'vmnet8',
        mode: 'nat',
        subnet: { address: '10.11.13.0', prefix: 24 },
        gateway: '10.11.13.2',
        dns: ['10.11.13.2'],
        hostAddress: '10.11.13.7',
        dhcpRange: { first: '10.11.13.128', last: '10.11.13.254' },
        reservations: [],
      },
      {
        name: 'vmnet9',
        mode: 'hostonly',
        subnet: { address: '10.12.0.0', prefix: 16 },
        reservations: [],
      },
    ])
  })

  it('is empty without VMware', async () => expect(await read('absent')).toEqual([]))
})

const words = [
  'answer ',
  'VNET_8_',
  'DHCP',
  'NAT yes',
  'HOSTONLY_SUBNET ',
  '255.255.255.0',
  'network8.',
  'name',
  ' = "',
  'subnet ',
  ' netmask ',
  '{',
  '}',
  ';',
  'host vmnet8 ',
  'range ',
  '10.0.0.1 ',
  '#',
  '[host]',
  'ip = ',
  '\n',
  '\r\n',
  '"',
]
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join('')),
)

describe('parsers', () => {
  test.prop([text, text, text])('never fail', (networking, dhcpd, nat) => {
    parseNetmap(networking)
    for (const entry of parseNetworking(networking)) {
      const vmnet = computeVmnet(entry.name, { entry, dhcpd: parseDhcpdConf(dhcpd), nat: parseNatConf(nat) })
      expect(vmnet.name).toMatch(/^vmnet\d+$/)
    }
  })

  it('a brace in a comment or string closes nothing', () => {
    const conf = parseDhcpdConf(
      'subnet 10.0.0.0 netmask 255.0.0.0 { # }\n option domain-name "}"; option routers 10.0.0.1; }',
    )
    expect(conf).toMatchObject({ subnet: { address: '10.0.0.0', prefix: 8 }, router: '10.0.0.1' })
  })

  it('a remark behind a value is none of it', () => {
    expect(parseNatConf('[host]\nip = 10.0.0.2 # gateway\n[udp]\nip = 1.1.1.1\n')).toEqual({
      gateway: '10.0.0.2',
    })
  })

  it('netmap names devices', () => {
    expect(parseNetmap('network8.name = "NAT"\r\nnetwork8.device = "vmnet8"\r\n').get('vmnet8')).toBe('NAT')
  })
})
