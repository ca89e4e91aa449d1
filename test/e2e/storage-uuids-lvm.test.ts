import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bootAlone } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { type BuiltGuest, buildGuest, copyVm } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** Prints what the running guest sees of LVM as one line of JSON on ttyS1. */
const PROBE = `#!/bin/sh
exec 2>/dev/null
state=$(systemctl is-system-running --wait)
printf '{"root":"%s","group":"%s","volume":"%s","state":"%s","failed":"%s"}\\n' \\
  "$(findmnt -no SOURCE /)" "$(vgs --noheadings -o vg_uuid | tr -d ' ')" "$(pvs --noheadings -o pv_uuid | tr -d ' ')" \\
  "$state" "$(systemctl --failed --plain --no-legend | tr '\\n' ' ')" >/dev/ttyS1
`
const UNIT = `[Unit]
Description=Print what this guest sees of LVM
[Service]
Type=exec
ExecStart=/usr/local/sbin/lvm-probe
[Install]
WantedBy=multi-user.target
`
const WANTS = '/etc/systemd/system/multi-user.target.wants'

const directory = scratchDirectory()
let guest: BuiltGuest
let vmx: string
let clone: CloneJson

beforeAll(async () => {
  guest = await buildGuest('dhcp', 'ifupdown', 'lvm-xfs')
  vmx = await copyVm(guest.template, join(directory, 'node11'))
  const [probe, unit, script] = ['probe', 'unit', 'later.gf'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(probe, PROBE, { mode: 0o755 })
  await writeFile(unit, UNIT)
  const lines = [
    `rm ${WANTS}/probe.service`,
    `upload ${probe} /usr/local/sbin/lvm-probe`,
    'chmod 0755 /usr/local/sbin/lvm-probe',
    `upload ${unit} /etc/systemd/system/lvm-probe.service`,
    `ln-s /etc/systemd/system/lvm-probe.service ${WANTS}/lvm-probe.service`,
  ]
  await writeFile(script, `${lines.join('\n')}\n`)
  const ids = ['--enable', 'storage-uuids', '--ip', '192.168.8.11/24', '--hostname', 'node11']
  clone = (await run([vmx, ...ids, '--with', script, '--verify'])).clone
})

/** What the report says of an id: the old one and the new one. */
function renewed(bearer: string): { readonly before: string; readonly after: string } {
  const diffs = clone.changes.map(({ diff = '' }) => diff).filter((diff) => diff.includes(`@@ ${bearer} @@`))
  const [, before = '', after = ''] = /\n-(.*)\n\+(.*)\n/.exec(diffs.join('')) ?? []
  return { before, after }
}

test('a clone boots from its root on LVM, whose volume group has an id of its own', async () => {
  const [group, volume] = [renewed('volume group UUID'), renewed('physical volume UUID')]
  for (const { before, after } of [group, volume]) {
    expect(before).toMatch(/^\w{6}(-\w{4}){5}-\w{6}$/)
    expect(after).toMatch(/^\w{6}(-\w{4}){5}-\w{6}$/)
    expect(after).not.toBe(before)
  }
  expect(JSON.parse(await bootAlone({ vmx, guest, peer: 'none' }, directory))).toEqual({
    root: '/dev/mapper/debian--vg-root',
    group: group.after,
    volume: volume.after,
    state: 'running',
    failed: '',
  })
})
