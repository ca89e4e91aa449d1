import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bootPair, type Seen } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { type BuiltGuest, buildGuest, copyVm, fingerprintsIn, uuidText, vmxValues } from '../support/guest.ts'
import { differences, directoryManifest, type Manifest } from '../support/manifest.ts'
import { scratchDirectory } from '../support/scratch.ts'

// The DHCP guest is told everything; the static one has a prefix and a gateway of its own to go by.
const GUESTS = [
  [
    'dhcp',
    '192.168.8.53',
    (n: number) => ['--ip', `192.168.8.${n}/24`, '--gateway', '192.168.8.1', '--dns', '192.168.8.53'],
  ],
  ['static', '192.168.8.1', (n: number) => ['--ip', `192.168.8.${n}`]],
] as const

describe.each(GUESTS)(
  'two copies of a %s guest, fixed and booted side by side (DNS %s)',
  (addressing, dns, options) => {
    const directory = scratchDirectory()
    let guest: BuiltGuest
    let template: Map<string, string>
    let templateBefore: Manifest
    const nodes: { name: string; ip: string; vmx: string; clone: CloneJson; seen: Seen; peer: string }[] = []

    beforeAll(async () => {
      guest = await buildGuest(addressing)
      template = await vmxValues(join(guest.template, 'template.vmx'))
      templateBefore = await directoryManifest(guest.template)
      const pair = []
      for (const [n, other] of [
        [11, 12],
        [12, 11],
      ] as const) {
        const vmx = await copyVm(guest.template, join(directory, `node${n}`))
        const args = [
          vmx,
          ...options(n),
          '--hostname',
          `node${n}`,
          '--hosts',
          `192.168.8.${other} node${other}`,
        ]
        const { clone } = await run(args)
        pair.push({ guest, name: `node${n}`, ip: `192.168.8.${n}`, vmx, clone, peer: `node${other}` })
      }
      const [first, second] = pair
      if (!first || !second) throw new Error('two clones are needed')
      const seen = await bootPair([first, second], directory)
      nodes.push({ ...first, seen: seen[0] }, { ...second, seen: seen[1] })
    })

    const both = async (check: (node: (typeof nodes)[number]) => void | Promise<void>) => {
      expect(nodes).toHaveLength(2)
      for (const node of nodes) await check(node)
    }

    test('each reaches the other by name', () =>
      both(({ seen, peer, name }) => {
        expect(seen.peer).toBe(peer)
        expect(seen.ping).toContain(`PING ${peer}`)
        expect(seen, `${name} pings ${peer}`).toMatchObject({ reached: true })
      }))

    test('each has the hostname, address and gateway that were asked for', () =>
      both(({ seen, clone, name, ip }) => {
        expect(seen.hostname).toBe(name)
        expect(clone.identity.hostname.split('.')[0]).toBe(name)
        const global = seen.addresses.filter(({ ifname }) => ifname !== 'lo')
        const ipv4 = global.flatMap((one) => one.addr_info).filter(({ family }) => family === 'inet')
        expect(ipv4.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual([`${ip}/24`])
        expect(clone.identity.nics).toMatchObject([{ ipv4: `${ip}/24`, gateway: '192.168.8.1' }])
        const gateways = seen.routes.filter(({ dst }) => dst === 'default').map(({ gateway }) => gateway)
        expect(gateways).toEqual(['192.168.8.1'])
      }))

    test('each has the DNS server, and knows both names', () =>
      both(({ seen, name, ip }) => {
        expect(seen.resolvConf.match(/^nameserver .*$/gm)).toEqual([`nameserver ${dns}`])
        expect(seen.hosts).not.toMatch(/\btemplate\b/)
        expect(seen.hosts).toMatch(
          new RegExp(`^(127\\.0\\.1\\.1|${ip.replaceAll('.', '\\.')})\\s.*\\b${name}\\b`, 'm'),
        )
      }))

    test('MAC and product UUID are those of the .vmx and of the report', () =>
      both(async ({ seen, clone, vmx }) => {
        const values = await vmxValues(vmx)
        const mac = values.get('ethernet0.address')
        expect(mac).toMatch(/^00:50:56:[0-3][0-9a-f]:[0-9a-f]{2}:[0-9a-f]{2}$/i)
        expect(seen.macs.split('\n')).toContain(mac?.toLowerCase())
        expect(clone.identity.nics[0]?.mac).toBe(mac?.toLowerCase())
        expect(values.get('ethernet0.addresstype')).toBe('static')
        expect(values.get('ethernet0.generatedaddress')).toBeUndefined()
        expect(values.get('uuid.bios')).not.toBe(template.get('uuid.bios'))
        expect(seen.productUuid).toBe(uuidText(values.get('uuid.bios')))
        expect(clone.identity.uuid).toBe(seen.productUuid)
      }))

    test('the machine-id is new, and the D-Bus copy equals it', () =>
      both(({ seen, clone }) => {
        expect(seen.machineId).toBe(clone.identity.machineId)
        expect(seen.dbusMachineId).toBe(clone.identity.machineId)
        expect(seen.machineId).not.toBe(guest.machineId)
      }))

    test('sshd serves the keys of the report, none of them the template’s', () =>
      both(({ seen, clone }) => {
        const served = fingerprintsIn(seen.hostKeys)
        expect(served).toHaveLength(3)
        expect(served).toEqual(clone.identity.sshHostKeys.map(({ fingerprint }) => fingerprint).sort())
        expect(served.filter((fingerprint) => guest.fingerprints.includes(fingerprint))).toEqual([])
      }))

    test('nothing is shared by the two', () => {
      const [a, b] = nodes
      for (const key of ['hostname', 'productUuid', 'machineId', 'macs', 'hostKeys'] as const)
        expect(a?.seen[key]).not.toBe(b?.seen[key])
      const keys = nodes.flatMap(({ seen }) => fingerprintsIn(seen.hostKeys))
      expect(new Set(keys).size).toBe(keys.length)
    })

    test('no unit failed', () =>
      both(({ seen }) => {
        expect(seen.failed).toBe('')
        expect(seen.state.trim()).toBe('running')
      }))

    test('the template was not touched', async () => {
      expect(differences(templateBefore, await directoryManifest(guest.template))).toEqual([])
    })
  },
)
