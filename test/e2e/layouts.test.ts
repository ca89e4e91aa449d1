import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bootPair, type Seen } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { type BuiltGuest, buildGuest, copyVm, fingerprintsIn } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** How the VM's disk is laid out, and what the command line must be given for it. */
const LAYOUTS = [
  ['lvm-xfs', () => []],
  ['btrfs', () => []],
  ['luks', (guest: BuiltGuest) => ['--key', `all:file:${join(guest.template, '../facts/disk.key')}`]],
] as const

describe.each(LAYOUTS)('two clones of a guest on %s, fixed and booted side by side', (layout, options) => {
  const directory = scratchDirectory()
  const nodes: { number: number; clone: CloneJson; seen: Seen }[] = []
  let guest: BuiltGuest

  beforeAll(async () => {
    guest = await buildGuest('dhcp', 'ifupdown', layout)
    const clones = []
    for (const [number, other] of [
      [11, 12],
      [12, 11],
    ] as const) {
      const vmx = await copyVm(guest.template, join(directory, `node${number}`))
      const { clone } = await run([
        vmx,
        ...['--ip', `192.168.8.${number}/24`, '--gateway', '192.168.8.1', '--dns', '192.168.8.53'],
        ...['--hostname', `node${number}`, '--hosts', `192.168.8.${other} node${other}`],
        ...options(guest),
      ])
      clones.push({ guest, number, vmx, clone, peer: `node${other}` })
    }
    const [first, second] = clones
    if (!first || !second) throw new Error('two clones are needed')
    const seen = await bootPair([first, second], directory)
    nodes.push({ ...first, seen: seen[0] }, { ...second, seen: seen[1] })
  })

  test('each is what was asked for, reaches the other, and nothing failed', () => {
    expect(nodes).toHaveLength(2)
    for (const { number, clone, seen } of nodes) {
      expect(seen).toMatchObject({
        hostname: `node${number}`,
        machineId: clone.identity.machineId,
        productUuid: clone.identity.uuid,
        reached: true,
        failed: '',
      })
      const global = seen.addresses.filter(({ ifname }) => ifname !== 'lo')
      const ipv4 = global.flatMap((one) => one.addr_info).filter(({ family }) => family === 'inet')
      expect(ipv4.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual([`192.168.8.${number}/24`])
      expect(seen.routes.filter(({ dst }) => dst === 'default').map(({ gateway }) => gateway)).toEqual([
        '192.168.8.1',
      ])
      expect(seen.resolvConf).toContain('nameserver 192.168.8.53')
      expect(fingerprintsIn(seen.hostKeys)).toEqual(
        clone.identity.sshHostKeys.map(({ fingerprint }) => fingerprint).sort(),
      )
      expect(seen.machineId).not.toBe(guest.machineId)
    }
  })
})
