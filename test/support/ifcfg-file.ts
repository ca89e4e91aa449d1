import { fc } from '@fast-check/vitest'

const line = fc.constantFrom(
  '# note',
  '',
  '   ',
  'MTU=1400 # by hand',
  '\tONBOOT="yes"',
  'IPADDR=10.0.0.9',
  'IPADDR0="10.0.0.8"',
  'IPADDR=10.0.0.7 # again',
  'PREFIX=8',
  "NETMASK='255.0.0.0'",
  'PREFIX0=16',
  'GATEWAY=10.0.0.1',
  'GATEWAY0="10.0.0.1"',
  'NETWORK=10.0.0.0',
  'BOOTPROTO=none',
  'BOOTPROTO="dhcp"',
  'DEFROUTE=no',
  'DNS1=9.9.9.9',
  'DOMAIN="a b"',
  'HWADDR=00:0c:29:aa:bb:01',
  'UUID=4e80a56d-1111-4222-8333-444455556666',
  'MACADDR=02:00:00:00:00:01',
  "NAME='System eth0'",
  'junk here',
)
/** Any ifcfg file of eth0 that people write, and who reads it. */
export const ifcfgFile = fc
  .record({
    body: fc.array(line, { maxLength: 12 }),
    reader: fc.constantFrom('scripts' as const, 'NetworkManager' as const),
    crlf: fc.boolean(),
    tail: fc.boolean(),
  })
  .map(({ body, reader, crlf, tail }) => {
    const end = crlf && reader === 'NetworkManager' ? '\r\n' : '\n'
    return { text: ['DEVICE=eth0', ...body].join(end) + (tail ? end : ''), reader }
  })
