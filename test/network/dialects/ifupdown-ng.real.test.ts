import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { isNg } from '../../../src/network/dialects/ifupdown/version.ts'
import { ifupdown } from '../../../src/network/dialects/ifupdown.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { runDialect } from '../../support/dialect-run.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import { link, MAIN } from '../../support/ifupdown-guest.ts'

// The real ifquery of ifupdown-ng, unpacked by scripts/oracles: it prints an interface as ifup would take it.
const PROGRAM = new URL('../../../node_modules/.cache/oracles/sbin/ifupdown', import.meta.url).pathname

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-ng-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function query(text: string, want: NicAddressing): string[] {
  const tree = new GuestTree([
    guestFile(MAIN, text),
    guestFile('/sbin/ifupdown', ''),
    link('/sbin/ifup', 'ifupdown'),
    guestFile('/etc/resolv.conf', ''),
  ])
  const file = join(directory, 'interfaces')
  writeFileSync(file, runDialect(ifupdown, tree, want, { name: 'eth0' }).text(MAIN) ?? '', 'latin1')
  return queried(file, 'eth0')
}

function queried(file: string, name: string): string[] {
  const { stdout, stderr, status } = spawnSync(PROGRAM, ['-i', file, name], {
    argv0: 'ifquery',
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(use (dhcp|static)|address|gateway|dhcp-|netmask)/.test(line))
}

const FILES: Record<string, string> = {
  'a bare stanza by DHCP': 'auto eth0\niface eth0\n\tuse dhcp\n\tdhcp-hostname x\n',
  'a bare stanza with an address': 'auto eth0\niface eth0\n  address 10.0.0.5/8\n  gateway 10.0.0.1\n',
  'Debian’s words, DHCP':
    'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n\thostname x\n',
  'Debian’s words, a netmask':
    'iface eth0 inet static\n\taddress 10.0.0.5\n\tnetmask 255.0.0.0\n\tgateway 10.0.0.1\n',
}

describe.each(Object.entries(FILES))('%s', (_, text) => {
  it('static: exactly the address and the gateway asked for', () => {
    const ipv4 = { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' } as const
    const lines = query(text, { ipv4 })
    expect(lines).toContain('use static')
    expect(lines).not.toContain('use dhcp')
    expect(lines.filter((line) => line.startsWith('address'))).toEqual(['address 10.20.30.40/20'])
    expect(lines.filter((line) => line.startsWith('gateway'))).toEqual(['gateway 10.20.16.1'])
  })

  it('DHCP: no address', () => {
    const lines = query(text, DHCP)
    expect(lines).toContain('use dhcp')
    expect(lines.filter((line) => /^(address|gateway|netmask)/.test(line))).toEqual([])
  })
})

describe.each(goldenNics('ifupdown').filter(({ after }) => isNg(after)))(
  'golden guest $golden, $profile.name',
  ({ golden, after, profile, addressing }) => {
    it('has what was asked', () => {
      const file = join(directory, golden)
      writeFileSync(file, after.text(MAIN) ?? '', 'latin1')
      const lines = queried(file, profile.name)
      const four = (key: string) => lines.filter((line) => new RegExp(`^${key} [\\d.]+(/\\d+)?$`).test(line))
      const { ipv4 } = addressing
      if (ipv4?.method !== 'static') return expect([four('address'), four('gateway')]).toEqual([[], []])
      const { address, prefix, gateway } = ipv4
      expect(four('address')).toEqual([`address ${address}/${prefix}`])
      expect(four('gateway')).toEqual(gateway === undefined ? [] : [`gateway ${gateway}`])
    })
  },
)
