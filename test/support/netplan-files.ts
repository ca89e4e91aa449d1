import { fc } from '@fast-check/vitest'

/** A valid netplan file and the interface in it that carries the address. */
export interface GeneratedNetplan {
  readonly text: string
  readonly name: string
}

const comment = fc.constantFrom('', ' # note')
const quote = fc.constantFrom(
  (text: string) => text,
  (text: string) => `"${text}"`,
  (text: string) => `'${text}'`,
)
const words = fc.constantFrom('true', 'yes', 'on', 'True', '"y"')
const off = fc.constantFrom('false', 'no', 'off', 'n')

type Lines = readonly string[]

const list = fc
  .tuple(fc.constantFrom('flow', 'block', 'far'), quote)
  .map(([layout, quoted]) => (key: string, items: Lines): Lines => {
    if (layout === 'flow') return [`${key}: [${items.map(quoted).join(', ')}]`]
    const dash = layout === 'far' ? '  - ' : '- '
    return [`${key}:`, ...items.map((item) => dash + quoted(item))]
  })

const ipv4 = fc.oneof(
  words.map((word) => [`dhcp4: ${word}`]),
  fc
    .tuple(list, fc.subarray(['10.0.0.5/24', 'fd00::5/64', '10.0.0.6/24'], { minLength: 1 }), off)
    .map(([write, items, no]) => [`dhcp4: ${no}`, ...write('addresses', items)]),
)
const route = fc.constantFrom<Lines>(
  [],
  ['gateway4: 10.0.0.1'],
  ['routes:', '- to: default', '  via: 10.0.0.1 # gw', '  metric: 50'],
  ['routes:', '  - {to: 10.9.0.0/16, via: 10.0.0.9}', '  - via: "10.0.0.1"', '    to: 0.0.0.0/0'],
  ['routes: [{to: 10.9.0.0/16, via: 10.0.0.9}]'],
)
const dns = fc
  .tuple(list, list, fc.subarray(['10.0.0.2', 'fd00::2', '10.0.0.3']), fc.boolean())
  .map(([write, other, servers, search]) => {
    const lines = [
      ...(servers.length > 0 ? write('addresses', servers) : []),
      ...(search ? other('search', ['lab.example', 'example.org']) : []),
    ]
    return lines.length === 0 ? [] : ['nameservers:', ...lines.map((line) => `    ${line}`)]
  })
const rest = fc.subarray<Lines>([
  ['mtu: 1400'],
  ['optional: true'],
  ['# by hand'],
  ['dhcp4-overrides:', '  use-dns: false'],
])

const body = fc
  .tuple(ipv4, route, dns, rest)
  .chain(([a, b, c, d]) => fc.shuffledSubarray([a, b, c, ...d], { minLength: 3 + d.length }))
  .map((blocks) => blocks.flat())

/** Any valid file of the kinds that people write: layout, quotes, order, comments and line ends differ. */
export const netplanFiles: fc.Arbitrary<GeneratedNetplan> = fc
  .record({
    body,
    step: fc.constantFrom(2, 3, 4),
    end: fc.constantFrom('\n', '\r\n'),
    kind: fc.constantFrom('ethernet', 'bridge', 'bond'),
    note: comment,
    tail: fc.constantFrom('', '\n', '\n# end\n'),
    renderer: fc.constantFrom('networkd', 'NetworkManager'),
  })
  .map(({ body, step, end, kind, note, tail, renderer }) => {
    const at = (depth: number, lines: Lines) => lines.map((line) => ' '.repeat(depth * step) + line)
    const ports = [
      'interfaces:',
      '- ens33',
      ...(kind === 'bond' ? ['parameters: {mode: active-backup}'] : []),
    ]
    const name = kind === 'ethernet' ? 'ens33' : kind === 'bond' ? 'bond0' : 'br0'
    const port = at(1, ['ethernets:', ...at(1, ['ens33:', ...at(1, ['optional: true'])])])
    const own = kind === 'ethernet' ? body : [...ports, ...body]
    const group = kind === 'ethernet' ? 'ethernets' : `${kind}s`
    const lines = [
      `network:${note}`,
      ...at(1, ['version: 2', `renderer: ${renderer}`]),
      ...(kind === 'ethernet' ? [] : port),
      ...at(1, [`${group}:`, ...at(1, [`${name}:${note}`, ...at(1, own)])]),
    ]
    return { text: (lines.join('\n') + tail).replaceAll('\n', end), name }
  })
