import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { isMapping, parseYaml, type YamlData, yamlAt } from '../../../../src/formats/yaml-spans.ts'
import { netplanFiles } from '../../../support/netplan-files.ts'
import { DHCP, FILE, NO_MAC, netplanGuest, profileOf, run } from '../../../support/netplan-guest.ts'

describe('any valid file', () => {
  const quad = fc
    .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((parts) => parts.join('.'))
  const want = fc
    .record({
      address: quad,
      prefix: fc.integer({ min: 1, max: 32 }),
      gateway: fc.option(quad, { nil: undefined }),
    })
    .map(({ gateway, ...rest }) => {
      return { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
    })
  const release = fc.constantFrom('18.04', '20.04', '24.04')

  test.prop([netplanFiles, want, fc.uniqueArray(quad, { maxLength: 3 }), release], { numRuns: 40 })(
    'what was asked is read back, and all else stays to the byte',
    ({ text, name }, ipv4, dns, of) => {
      const { text: after = '', after: tree } = run(
        netplanGuest(text, { release: of }),
        { ipv4, dns },
        NO_MAC,
        name,
      )
      expect(profileOf(tree, name).now.ipv4).toEqual(ipv4)
      expect(profileOf(tree, name).now.dns ?? []).toEqual(dns)
      expect(rest(after)).toEqual(rest(text))
      expect(bystanders(after)).toEqual(bystanders(text))
    },
  )

  test.prop([netplanFiles, want, release], { numRuns: 40 })(
    'static, DHCP and static again is the same',
    ({ text, name }, ipv4, of) => {
      const first = run(netplanGuest(text, { release: of }), { ipv4 }, NO_MAC, name).after
      const dhcp = run(first, DHCP, NO_MAC, name).after
      expect(profileOf(dhcp, name).now.ipv4).toEqual({ method: 'dhcp' })
      expect(profileOf(dhcp, name).now.ipv6).toEqual(profileOf(first, name).now.ipv6)
      const again = run(dhcp, { ipv4 }, NO_MAC, name).after
      expect(profileOf(again, name).now.ipv4).toEqual(ipv4)
      expect(run(again, DHCP, NO_MAC, name).after.text(FILE)?.trimEnd()).toBe(dhcp.text(FILE)?.trimEnd())
    },
  )

  /** Lines that no edit of addresses may touch. */
  function rest(text: string): string[] {
    return text
      .split(/\r?\n/)
      .filter((line) =>
        /^\s*(#|mtu|optional|use-dns|version|renderer|interfaces|parameters|- ens33)/.test(line),
      )
  }

  /** Everything but addressing, as YAML says it. */
  function bystanders(text: string): YamlData {
    const strip = (data: YamlData): YamlData => {
      if (!isMapping(data)) return Array.isArray(data) ? data.map(strip) : data
      const gone = ['dhcp4', 'addresses', 'gateway4', 'routes', 'nameservers']
      return new Map(
        [...data].filter(([key]) => !gone.includes(key)).map(([key, value]) => [key, strip(value)]),
      )
    }
    return strip(yamlAt(parseYaml(text, 'f').data, ['network']) ?? '')
  }
})
