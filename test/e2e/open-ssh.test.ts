import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bootBoth } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** Both a ruleset of nftables and ufw drop what comes in: a connection gets through if each of them lets it. */
const NODES = [
  { ip: '192.168.8.11', options: ['--enable', 'open-ssh'] },
  { ip: '192.168.8.12', options: [] },
] as const

/** What the probe below prints. */
interface Tried {
  /** The first bytes that came from port 22 of the other. */
  readonly banner: string
  /** Exit status of the last attempt: 124 if it timed out. */
  readonly status: number
  readonly reached: boolean
  /** `systemctl is-active ssh`. */
  readonly ssh: string
  readonly state: string
  readonly failed: string
  /** `nft list ruleset`, which shows ufw’s rules too. */
  readonly rules: string
}

// Once the other answers pings it is given a minute to serve; two attempts that time out are enough.
const PROBE = `#!/bin/bash
exec 2>/dev/null
peer=$(sed -n 's/.*probe\\.peer=\\([^ ]*\\).*/\\1/p' /proc/cmdline)
reached=false end=$((SECONDS + 180))
while [ $SECONDS -lt $end ]; do
  if ping -n -c 1 -W 1 "$peer" >/run/ping; then reached=true; break; fi
  sleep 1
done
state=$(systemctl is-system-running --wait)
end=$((SECONDS + 60)) timeouts=0
while
  banner=$(timeout 15 bash -c 'exec 3<>"/dev/tcp/$0/22" && head -c 8 <&3' "$peer")
  status=$?
  [ $status -ne 124 ] || timeouts=$((timeouts + 1))
  [ -z "$banner" ] && [ $timeouts -lt 2 ] && [ $SECONDS -lt $end ]
do sleep 2; done
printf '{"banner":"%s","status":%s,"reached":%s,"ssh":"%s","state":"%s","failed":"%s","rules":"%s"}\\n' \\
  "$banner" $status $reached "$(systemctl is-active ssh)" "$state" \\
  "$(systemctl --failed --plain --no-legend | base64 -w0)" "$(nft list ruleset | base64 -w0)" >/dev/ttyS1
`

describe('clones of a guest whose sshd does not start, behind nftables and ufw', () => {
  const directory = scratchDirectory()
  const clones: CloneJson[] = []
  const tried: Tried[] = []

  beforeAll(async () => {
    const guest = await buildGuest('dhcp', 'firewalled')
    await writeFile(join(directory, 'probe'), PROBE)
    const script = join(directory, 'probe.gf')
    await writeFile(script, 'upload ./probe /usr/local/sbin/probe\n')
    const machines = []
    for (const [index, { ip, options }] of NODES.entries()) {
      const vmx = await copyVm(guest.template, join(directory, `node${index}`))
      const addressing = ['--ip', `${ip}/24`, '--gateway', '192.168.8.1', '--dns', '192.168.8.1']
      const { clone } = await run([
        vmx,
        ...addressing,
        '--hostname',
        `node${index}`,
        '--with',
        script,
        ...options,
      ])
      clones.push(clone)
      machines.push({ vmx, guest, peer: NODES[1 - index]?.ip ?? '' })
    }
    const [open, closed] = machines
    if (!open || !closed) throw new Error('two clones are needed')
    for (const line of await bootBoth([open, closed], directory)) {
      const seen = JSON.parse(line)
      const text = (value: string) => Buffer.from(value, 'base64').toString('utf8')
      tried.push({ ...seen, failed: text(seen.failed), rules: text(seen.rules) })
    }
  })

  test('with open-ssh its unit is linked, and both firewalls got a rule', () => {
    const [open, closed] = clones.map(({ changes }) =>
      changes.filter(({ operation }) => operation === 'open-ssh').map(({ path }) => path),
    )
    expect(open?.sort()).toEqual([
      '/etc/nftables.conf',
      '/etc/systemd/system/multi-user.target.wants/ssh.service',
      '/etc/ufw/user.rules',
      '/etc/ufw/user6.rules',
    ])
    expect(closed).toEqual([])
    expect(clones.flatMap(({ notices }) => notices.map(({ code }) => code))).not.toContain('firewall-left')
  })

  test('both firewalls are in force in both', () => {
    for (const { rules } of tried) {
      expect(rules).toMatch(
        /table inet filter \{\s+chain input \{\s+type filter hook input [^;]+; policy drop;/,
      )
      expect(rules).toMatch(
        /table ip filter \{[\s\S]*chain INPUT \{\s+type filter hook input [^;]+; policy drop;/,
      )
      expect(rules).toContain('jump ufw-user-input')
    }
  })

  test('the one with open-ssh serves the other', () => {
    const [open, closed] = tried
    expect(closed).toMatchObject({ reached: true, banner: 'SSH-2.0-', status: 0 })
    expect(open).toMatchObject({ ssh: 'active' })
  })

  test('the one without answers pings, and lets no connection in', () => {
    const [open, closed] = tried
    expect(open).toMatchObject({ reached: true, banner: '', status: 124 })
    expect(closed).toMatchObject({ ssh: 'inactive' })
  })

  test('no unit failed', () => {
    for (const { state, failed } of tried) expect({ state, failed }).toEqual({ state: 'running', failed: '' })
  })
})
