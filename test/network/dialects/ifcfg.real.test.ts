import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseShell, shellValue } from '../../../src/formats/shell-assignments.ts'
import { setShellValue } from '../../../src/formats/shell-assignments-edit.ts'
import { openLine } from '../../../src/formats/shell-open.ts'
import { formatNetmask } from '../../../src/network/ipv4.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import { ifcfgGuest, run } from '../../support/ifcfg-guest.ts'

// The real bash, which is what reads ifcfg files in the network scripts.
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-ifcfg-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** The variables that bash has in an empty environment once it has read the file, SOURCED besides; none if it cannot. */
function sourced(text: string): Record<string, string> {
  const file = join(directory, 'file')
  writeFileSync(file, text, 'latin1')
  const script =
    '/bin/bash -n "$1" 2>/dev/null || exit 0; PATH=/nowhere; set -a; . "$1" >/dev/null 2>&1; set +a; SOURCED=yes exec /usr/bin/env -0'
  const output = execFileSync('/usr/bin/env', ['-i', '/bin/bash', '--norc', '-c', script, 'bash', file], {
    encoding: 'latin1',
  })
  const pairs = output.split('\0').filter(Boolean)
  const entries = pairs.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)])
  return Object.fromEntries(entries.filter(([key]) => !/^(PATH|PWD|OLDPWD|SHLVL|_)$/.test(key ?? '')))
}

const FILES: Record<string, string> = {
  'CentOS 6 by DHCP':
    'DEVICE=eth0\nHWADDR=00:0C:29:AA:BB:01\nTYPE=Ethernet\nONBOOT=yes\nNM_CONTROLLED=no\nBOOTPROTO=dhcp\n',
  'by hand':
    '# lan\nexport DEVICE=eth0 ; BOOTPROTO=\'static\'\n\tIPADDR="10.0.0.5"  # node\nNETMASK=255.0.0.0\nNETWORK=10.0.0.0\nGATEWAY=10.0.0.1\nDNS1=10.0.0.2 DNS2=10.0.0.3\nMTU=1400',
  indices: 'DEVICE=eth0\nBOOTPROTO=none\nIPADDR0=10.0.0.5\nPREFIX0=8\nGATEWAY0=10.0.0.1\n',
}

const like = (all: Record<string, string>, pattern: RegExp) =>
  Object.keys(all)
    .sort()
    .flatMap((key) => (pattern.test(key) ? [all[key]] : []))

describe.each(Object.entries(FILES))('%s', (_, text) => {
  const values = (want: NicAddressing) => sourced(run(ifcfgGuest(text, 'scripts'), want).text)

  it('static: bash sees exactly one address, its prefix, one gateway and the servers', () => {
    const ipv4 = { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' } as const
    const all = values({ ipv4, dns: ['10.20.16.2'], search: ['a.example', 'b.example'] })
    expect(like(all, /^IPADDR/)).toEqual(['10.20.30.40'])
    expect(['20', '255.255.240.0']).toContain(like(all, /^(PREFIX|NETMASK)/).join(' '))
    expect(like(all, /^GATEWAY/)).toEqual(['10.20.16.1'])
    expect(like(all, /^DNS/)).toEqual(['10.20.16.2'])
    expect(all.DOMAIN).toBe('a.example b.example')
    expect(all.BOOTPROTO).toMatch(/^(none|static)$/)
    expect(like(all, /^(NETWORK|BROADCAST)/)).toEqual([])
  })

  it('DHCP: bash sees no address', () => {
    const all = values({ ipv4: { method: 'dhcp' } })
    expect(all.BOOTPROTO).toBe('dhcp')
    expect(like(all, /^(IPADDR|PREFIX|NETMASK|GATEWAY|DNS|NETWORK)/)).toEqual([])
    expect(all.DEVICE).toBe('eth0')
  })
})

describe.each(goldenNics('ifcfg'))(
  'golden guest $golden, $profile.name',
  ({ after, profile, addressing }) => {
    const { ipv4, dns } = addressing
    // The scripts take no CRLF; NetworkManager, which does, reads the same values.
    const text = (path: string) => (after.text(path) ?? '').replaceAll('\r\n', '\n')

    it('has what was asked', () => {
      const all = sourced(text(profile.file))
      if (ipv4?.method !== 'static') {
        expect(all.BOOTPROTO).toBe('dhcp')
        return expect(like(all, /^(IPADDR|PREFIX|NETMASK|GATEWAY|DNS)/)).toEqual([])
      }
      const { address, prefix, gateway } = ipv4
      expect(like(all, /^IPADDR0?$/)).toEqual([address])
      expect(like(all, /^(PREFIX|NETMASK)0?$/)).toEqual([
        (all.PREFIX ?? all.PREFIX0) ? String(prefix) : formatNetmask(prefix),
      ])
      const shared = sourced(text('/etc/sysconfig/network'))
      expect([...like(all, /^GATEWAY0?$/), ...like(shared, /^GATEWAY$/)]).toEqual(
        gateway === undefined ? [] : [gateway],
      )
      if (dns) expect(like(all, /^DNS\d$/)).toEqual(dns)
      expect(like(all, /^(NETWORK|BROADCAST)/)).toEqual([])
    })
  },
)

describe('the reading of shell assignments is bash’s', () => {
  const part = fc.constantFrom(
    '1',
    'x',
    '#',
    ' ',
    '\t',
    "'a b'",
    '"c d"',
    '"\\""',
    "\\'",
    '\\ ',
    "$'\\x41\\n'",
    ';',
    '\n',
    '\\\n',
    'A=',
    'B=',
    '\nA=',
    '\nexport B=',
    '-',
    ',',
    '/',
    '~',
  )
  const text = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''))

  test.prop([text], { numRuns: 100 })('every value that is fixed', (source) => {
    const document = parseShell(source)
    const bash = sourced(source)
    fc.pre(bash.SOURCED !== undefined)
    for (const key of ['A', 'B']) {
      const value = shellValue(document, key)
      if (document.assignments.some((one) => one.key === key && one.value === undefined)) continue
      expect([key, value]).toEqual([key, bash[key]])
    }
  })

  const opener = fc.constantFrom("'", '"', '(', '`', "$'")

  test.prop([text, opener, text], { numRuns: 60 })(
    'a text without an end is one that bash does not take',
    (before, open, behind) => {
      const source = `${before} A=${open}${behind}`
      fc.pre(openLine(source) !== undefined)
      expect(sourced(source)).toEqual({})
    },
  )

  test.prop([text, fc.constantFrom('9', 'x y', "it's", '$"\\`')], { numRuns: 60 })(
    'a value that is set is the one that bash has',
    (source, value) => {
      fc.pre(openLine(source) === undefined && sourced(source).SOURCED !== undefined)
      let edited: string | undefined
      try {
        edited = setShellValue(parseShell(source), 'B', value).text
      } catch (error) {
        expect(error).toMatchObject({ code: 'SHELL_UNEDITABLE' })
      }
      if (edited !== undefined) expect(sourced(edited).B).toBe(value)
    },
  )
})
