import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bootPair, type Seen } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { type BuiltGuest, buildGuest, copyVm, fingerprintsIn } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { BOOTED_LAYOUTS, type BootedLayout } from '../support/stacks.ts'

interface Node {
  readonly guest: BuiltGuest
  readonly vmx: string
  readonly peer: string
  readonly clone: CloneJson
}

const NODES = BOOTED_LAYOUTS.map((booted, index) => [booted.title, 11 + index, index] as const)
const directory = scratchDirectory()
const seen: Seen[] = []
let nodes: readonly [Node, Node]

beforeAll(async () => {
  const [one, other] = BOOTED_LAYOUTS
  const guests = [await guestOn(one), await guestOn(other)] as const
  nodes = await Promise.all([fixed(one, guests[0], 11, 12), fixed(other, guests[1], 12, 11)])
  seen.push(...(await bootPair(nodes, directory)))
})

const guestOn = ({ layout }: BootedLayout) => buildGuest('dhcp', 'ifupdown', layout)

/** A clone of a guest, fixed; the numbers are its own and its peer's. */
async function fixed({ key }: BootedLayout, guest: BuiltGuest, number: number, peer: number): Promise<Node> {
  const vmx = await copyVm(guest.template, join(directory, `node${number}`))
  const { clone } = await run([
    vmx,
    ...['--ip', `192.168.8.${number}/24`, '--gateway', '192.168.8.1', '--dns', '192.168.8.53'],
    ...['--hostname', `node${number}`, '--hosts', `192.168.8.${peer} node${peer}`],
    ...(key === undefined ? [] : ['--key', `all:file:${join(guest.template, '../facts', key)}`]),
  ])
  return { guest, vmx, peer: `node${peer}`, clone }
}

describe.each(NODES)('a clone on %s', (_title, number, index) => {
  const node = () => nodes[index] as Node
  const found = () => seen[index] as Seen

  test('reaches the other by name, and nothing failed', () => {
    expect(found()).toMatchObject({ peer: node().peer, reached: true, failed: '' })
  })

  test('has the address, the route and the DNS server that were asked for', () => {
    const global = found().addresses.filter(({ ifname }) => ifname !== 'lo')
    const ipv4 = global.flatMap((link) => link.addr_info).filter(({ family }) => family === 'inet')
    expect(ipv4.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual([`192.168.8.${number}/24`])
    const defaults = found().routes.filter(({ dst }) => dst === 'default')
    expect(defaults.map(({ gateway }) => gateway)).toEqual(['192.168.8.1'])
    expect(found().resolvConf).toContain('nameserver 192.168.8.53')
  })

  test('is who the report says, and not the template', () => {
    const { clone, guest } = node()
    expect(found()).toMatchObject({
      hostname: `node${number}`,
      machineId: clone.identity.machineId,
      productUuid: clone.identity.uuid,
    })
    expect(found().machineId).not.toBe(guest.machineId)
    const served = fingerprintsIn(found().hostKeys)
    expect(served).toEqual(clone.identity.sshHostKeys.map(({ fingerprint }) => fingerprint).sort())
    expect(served.filter((fingerprint) => guest.fingerprints.includes(fingerprint))).toEqual([])
  })
})
