import { fc } from '@fast-check/vitest'

const line = fc.constantFrom(
  '# note',
  '; other',
  '',
  'IPv6AcceptRA=no',
  'Address=10.0.0.9/24',
  'Address = fd00::9/64',
  'Gateway=10.0.0.1',
  'Gateway=fe80::1',
  'DNS=9.9.9.9 8.8.8.8',
  'DNS=fd00::53',
  'Domains=lab.example \\\n  ~corp',
)
const section = fc.constantFrom(
  '[Address]\nAddress=10.0.0.8/24\nLabel=x',
  '[Address]\n# six\nAddress=fd00::8/64',
  '[Route]\nGateway=10.0.0.1\nMetric=5',
  '[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.7',
  '[Route]\nDestination=0.0.0.0/0\nGateway=10.0.0.6',
  '[Link]\nMTUBytes=1400',
)
/** Any .network file of ens33, for both families, in LF or CRLF. */
export const networkdFile = fc
  .record({
    dhcp: fc.constantFrom('', 'DHCP=yes', 'DHCP=ipv4', 'DHCP = ipv6', 'DHCP=both'),
    body: fc.uniqueArray(line, { maxLength: 5 }),
    sections: fc.uniqueArray(section, { maxLength: 3 }),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ dhcp, body, sections, end }) =>
    ['[Match]', 'Name=ens33', '', '[Network]', dhcp, ...body, '', ...sections, '']
      .join('\n')
      .replaceAll('\n', end),
  )
