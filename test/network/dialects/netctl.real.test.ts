import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { netctl } from '../../../src/network/dialects/netctl.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP } from '../../support/addressing.ts'
import { runDialect } from '../../support/dialect-run.ts'
import { NETCTL, netctlGuest } from '../../support/netctl-guest.ts'

// netctl's own code, unpacked by scripts/oracles: it reads the profile and says which ip commands it would run.
const LIBRARY = new URL('../../../node_modules/.cache/oracles/usr/lib/netctl', import.meta.url).pathname
const SCRIPT = `
. "$1/globals"; . "$1/ip"
SUBR_DIR=$1 PROFILE_DIR=$2
load_profile lan
network_ready() { :; }; timeout_wait() { :; }; sysctl() { :; }; modprobe() { :; }
do_debug() { echo "$*"; }
dhcp_call() { echo "DHCP $2 $3"; }
resolvconf_add() { shift; printf '%s\\n' "$@"; }
ip_set
`

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-netctl-'))
  mkdirSync(join(directory, 'hooks'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function commands(text: string, want: NicAddressing): string[] {
  const { text: read } = runDialect(netctl, netctlGuest(text), want)
  writeFileSync(join(directory, 'lan'), read(`${NETCTL}/lan`) ?? '', 'latin1')
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', SCRIPT, 'bash', LIBRARY, directory], {
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter((line) => line.trim() !== '')
}

const HEAD = "Description='lan'\nInterface=eth0\nConnection=ethernet\n"
const FILES: Record<string, string> = {
  DHCP: `${HEAD}IP=dhcp\n`,
  'a static address': `${HEAD}IP="static"\nAddress=('10.0.0.5/8') # one\nGateway='10.0.0.1'\nDNS=('10.0.0.2')\n`,
  'single words': `${HEAD}IP=static\nAddress=10.0.0.5/8\nDNS=10.0.0.2\n`,
}

describe.each(Object.entries(FILES))('%s', (_, text) => {
  it('static: exactly the address, route and servers asked for', () => {
    const ipv4 = { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' } as const
    const want = { ipv4, dns: ['10.20.16.2', '10.20.16.3'], search: ['a.example', 'b.example'] }
    expect(commands(text, want)).toEqual([
      'ip addr add 10.20.30.40/20 brd + dev eth0',
      'ip route add default via 10.20.16.1 dev eth0',
      'search a.example b.example',
      'nameserver 10.20.16.2',
      'nameserver 10.20.16.3',
    ])
  })

  it('IPv6 with its gateway', () => {
    const ipv6 = { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' }
    const six = commands(text, { ipv6 }).filter((line) => line.startsWith('ip -6'))
    expect(six.map((line) => line.replace(/\s+/g, ' '))).toEqual([
      'ip -6 addr add fd00::12/64 dev eth0',
      'ip -6 route replace default via fe80::1 dev eth0',
    ])
  })

  it('DHCP: no address', () => {
    expect(commands(text, DHCP)).toEqual(['DHCP start 4'])
  })
})
