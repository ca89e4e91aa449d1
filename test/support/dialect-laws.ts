import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { GuestTree } from '../../src/guest/tree.ts'
import type { Dialect } from '../../src/network/dialect.ts'
import { DHCP, nameServers, staticIpv4 } from './addressing.ts'
import { profileIn, runDialect } from './dialect-run.ts'

/** A dialect and the files that it is tried with. */
export interface Bench {
  readonly dialect: Dialect
  /** Name of the profile that is edited. */
  readonly name: string
  /** A guest whose main file has this text. */
  readonly guest: (text: string) => GuestTree
  /** That file. */
  readonly path: string
  readonly files: fc.Arbitrary<string>
  /** Lines of the file that an addressing is written in; all others must stay. */
  readonly addressing: RegExp
  /** False where DHCP cannot be written. */
  readonly dhcp?: boolean
}

/** What holds for every dialect, whatever its files say. */
export function dialectLaws({ dialect, name, guest, path, files, addressing, dhcp = true }: Bench): void {
  const edit = (tree: GuestTree, want: Parameters<typeof runDialect>[2]) =>
    runDialect(dialect, tree, want, { name })
  const others = (tree: GuestTree) =>
    (tree.text(path) ?? '').split(/\r?\n/).filter((line) => line.trim() !== '' && !addressing.test(line))

  describe('any file', () => {
    test.prop([files, staticIpv4, nameServers])(
      'takes a static address, reads it back, and keeps every other line',
      (text, want, dns) => {
        const before = guest(text)
        const { after, now } = edit(before, { ...want, dns })
        expect({ ipv4: now.ipv4, dns: now.dns }).toEqual({ ...want, dns })
        expect(others(after)).toEqual(others(before))
        expect(now.ipv6).toEqual(profileIn(dialect, before, name).now.ipv6)
        const stale = now.ipv4?.method === 'static' ? now.ipv4.address : ''
        const matches = (after.text(path) ?? '').split(/[^\d.]+/).filter((word) => word === stale)
        expect(matches.length).toBeLessThan(2)
      },
    )

    if (dhcp)
      test.prop([files, staticIpv4])('static, DHCP and static again is the same', (text, want) => {
        const first = edit(guest(text), want).after
        const middle = edit(first, DHCP)
        expect(middle.now.ipv4).toEqual(DHCP.ipv4)
        const words = (middle.text(path) ?? '').split(/[^\d.]+/)
        expect(words).not.toContain(want.ipv4.address)
        expect(edit(middle.after, want).now.ipv4).toEqual(want.ipv4)
      })

    test.prop([fc.uint8Array({ maxLength: 200 })])('of arbitrary bytes is read, or passed over', (bytes) => {
      const tree = guest(Buffer.from(bytes).toString('latin1'))
      expect(dialect.profiles(tree).length).toBeLessThan(50)
    })
  })
}
