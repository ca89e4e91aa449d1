import { fc } from '@fast-check/vitest'

const line = fc.constantFrom(
  '# note',
  '',
  '   ',
  '\tmtu 1400',
  '  up echo \\\n    more',
  '\taddress 10.0.0.9/8',
  '  netmask 255.255.255.0',
  ' gateway 10.0.0.1',
  '\tbroadcast +',
  ' hostname old',
  ' dns-nameservers 9.9.9.9',
)
/** Any /etc/network/interfaces with a stanza for ens33, in LF or CRLF. */
export const interfacesFile = fc
  .record({
    method: fc.constantFrom('dhcp', 'static'),
    body: fc.array(line, { maxLength: 8 }),
    end: fc.constantFrom('\n', '\r\n'),
    tail: fc.boolean(),
  })
  .map(({ method, body, end, tail }) => {
    const lines = [
      '# head',
      'auto lo ens33',
      `iface ens33  inet ${method}`,
      ...body,
      'iface lo inet loopback',
      '# tail',
    ]
    return lines.join(end) + (tail ? end : '')
  })
