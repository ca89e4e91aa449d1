import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import {
  DIRECTORY,
  ethernet,
  keyfileGuest,
  MAC,
  NEW,
  profileFile,
  runKeyfile,
} from '../../support/keyfile-guest.ts'
import { keyfileText } from '../../support/keyfile-text.ts'

// The real nmcli, unpacked by scripts/oracles: it reads a profile, and prints it as NetworkManager would keep it.
const ROOT = new URL('../../../node_modules/.cache/oracles/usr', import.meta.url).pathname

const LIBRARIES = readdirSync(join(ROOT, 'lib'))
  .map((one) => join(ROOT, 'lib', one))
  .join(':')

const WANT = {
  ipv4: { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' },
  dns: ['10.20.16.2', '10.20.16.3'],
} as const satisfies NicAddressing

/** The group [ipv4] as NetworkManager understands it, sorted. */
function ipv4By(text: string): string[] {
  const { stdout, stderr, status } = spawnSync(
    join(ROOT, 'bin/nmcli'),
    ['--offline', 'connection', 'modify', 'connection.lldp', '0'],
    {
      input: text,
      encoding: 'latin1',
      env: { LD_LIBRARY_PATH: LIBRARIES },
    },
  )
  if (status !== 0) throw new Error(`nmcli: ${stderr}\n${text}`)
  return (/^\[ipv4\]\n([^[]*)/m.exec(stdout)?.[1] ?? '').split('\n').filter(Boolean).sort()
}

function edited(text: string, want: NicAddressing): string {
  const { after } = runKeyfile(keyfileGuest(profileFile('ens33', text)), want)
  return after.text(`${DIRECTORY}/ens33`) ?? ''
}

const addresses = (lines: readonly string[]) =>
  lines.filter((line) => /^(address|gateway|method|dns=)/.test(line))

describe.each(fc.sample(keyfileText, { numRuns: 25, seed: 7 }))('profile %#', (text) => {
  it('static: NetworkManager takes exactly the address, gateway and name servers asked for', () => {
    const [first, ...more] = addresses(ipv4By(edited(text, WANT)))
    expect(first).toBe('address1=10.20.30.40/20,10.20.16.1')
    const kept = /^address[1-9]=10\.[678]\.0\.9\/(8|16|24)$|^address[1-9]=10\.0\.0\.9\/24$/
    expect(
      more.filter((line) => !kept.test(line.replace('address2', 'address1').replace('address3', 'address1'))),
    ).toEqual(['dns=10.20.16.2;10.20.16.3;', 'method=manual'])
  })

  it('DHCP: no address is left', () => {
    const left = addresses(ipv4By(edited(text, DHCP))).filter((line) => !line.startsWith('dns='))
    expect(left).toEqual(['method=auto'])
  })
})

it('a profile made for a guest without any is a whole one', () => {
  const { after } = runKeyfile(keyfileGuest(), WANT, MAC, 'Wired connection 1')
  const text = after.text(`${DIRECTORY}/vmclone-nic0.nmconnection`) ?? ''
  expect(text).toContain(NEW)
  expect(addresses(ipv4By(text))).toEqual([
    'address1=10.20.30.40/20,10.20.16.1',
    'dns=10.20.16.2;10.20.16.3;',
    'method=manual',
  ])
})

it('what NetworkManager refuses is seen', () => {
  expect(() => ipv4By(ethernet('[ipv4]\nmethod=manual\n'))).toThrow(/nmcli/)
})

describe.each(goldenNics('keyfile'))(
  'golden guest $golden, $profile.name',
  ({ after, profile, addressing }) => {
    const { ipv4, dns } = addressing

    it('has what was asked', () => {
      const lines = addresses(ipv4By(after.text(profile.file) ?? ''))
      if (ipv4?.method !== 'static') return expect(lines).toEqual(['method=auto'])
      const { address, prefix, gateway } = ipv4
      expect(lines[0]).toBe(`address1=${address}/${prefix}${gateway === undefined ? '' : `,${gateway}`}`)
      expect(lines).toContain('method=manual')
      if (dns) expect(lines).toContain(`dns=${dns.join(';')};`)
    })
  },
)
