import { fc } from '@fast-check/vitest'
import { ethernet } from './keyfile-guest.ts'

const extra = fc.constantFrom(
  '# note',
  '',
  'route1=10.9.0.0/16,10.0.0.2',
  'may-fail=false',
  'never-default=true',
  'dns=9.9.9.9;8.8.8.8',
  'dns-search=lab.example;',
  'dhcp-timeout=30',
)
const address = fc.constantFrom(
  'address1=10.0.0.9/24,10.0.0.1',
  'address=10.0.0.9/24',
  'address2=10.8.0.9/16,10.8.0.1',
  'addresses3=10.7.0.9;24;10.7.0.1;',
  'addresses1=10.6.0.9;8;0.0.0.0;',
)

/** A profile that NetworkManager takes: automatic, or manual with addresses in all their forms. */
export const keyfileText = fc
  .record({
    method: fc.constantFrom('auto', 'manual', 'none'),
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }),
    gateway: fc.boolean(),
    body: fc.uniqueArray(extra, { maxLength: 4 }),
    six: fc.constantFrom('', '[ipv6]\naddr-gen-mode=eui64\nmethod=auto\n', '[ipv6]\nmethod=disabled\n'),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ method, addresses, gateway, body, six, end }) => {
    const manual = method === 'manual' ? [...addresses, ...(gateway ? ['gateway=10.0.0.3'] : [])] : []
    const ipv4 =
      method === 'none' ? '' : ['[ipv4]', ...body, `method=${method}`, ...manual, '', ''].join('\n')
    return ethernet(ipv4 + six).replaceAll('\n', end)
  })
