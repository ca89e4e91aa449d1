import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bootPair, type Machine, type Seen } from '../support/boot.ts'
import { type CloneJson, run } from '../support/cli.ts'
import { buildGuest, copyVm, fingerprintsIn, uuidText, vmxValues } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { BOOTED_STACKS } from '../support/stacks.ts'

// The DHCP guest is told everything; the static one has a prefix, a gateway and a DNS server of its own to go by.
const NODES = [
  {
    from: 'dhcp',
    name: 'node11',
    ip: '192.168.8.11',
    dns: '192.168.8.53',
    peer: { name: 'node12', ip: '192.168.8.12' },
    options: ['--ip', '192.168.8.11/24', '--gateway', '192.168.8.1', '--dns', '192.168.8.53'],
  },
  {
    from: 'static',
    name: 'node12',
    ip: '192.168.8.12',
    dns: '192.168.8.1',
    peer: { name: 'node11', ip: '192.168.8.11' },
    options: ['--ip', '192.168.8.12'],
  },
] as const

interface Node extends Machine {
  readonly clone: CloneJson
}

const STACKS = BOOTED_STACKS.map((booted) => [booted.title, booted] as const)

describe.each(STACKS)('%s: clones of a DHCP and of a static guest, side by side', (_title, booted) => {
  const directory = scratchDirectory()
  const nodes: Node[] = []
  const seen: Seen[] = []

  beforeAll(async () => {
    for (const { from, name, peer, options } of NODES) {
      const guest = await buildGuest(from, booted.stack)
      const vmx = await copyVm(guest.template, join(directory, name))
      const hosts = ['--hosts', `${peer.ip} ${peer.name}`]
      const { clone } = await run([vmx, ...options, '--hostname', name, ...hosts])
      const seed = booted.newInstance ? { seed: await newInstance(directory, name) } : {}
      nodes.push({ vmx, guest, peer: peer.name, clone, ...seed })
    }
    const [first, second] = nodes
    if (!first || !second) throw new Error('two clones are needed')
    seen.push(...(await bootPair([first, second], directory)))
  })

  describe.each(NODES.map((asked, index) => [asked.from, asked, index] as const))(
    'from %s',
    (_from, asked, index) => {
      const node = () => nodes[index] as Node
      const found = () => seen[index] as Seen

      test('it reaches the other by name', () => {
        expect(found()).toMatchObject({ peer: asked.peer.name, reached: true })
        expect(found().ping).toContain(`PING ${asked.peer.name} (${asked.peer.ip})`)
      })

      test('it has the one address and the one default route that were asked for', () => {
        const links = found().addresses.filter(({ ifname }) => ifname !== 'lo')
        const addresses = links.flatMap((link) => link.addr_info.filter(({ family }) => family === 'inet'))
        expect(addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual([`${asked.ip}/24`])
        const defaults = found().routes.filter(({ dst }) => dst === 'default')
        expect(defaults.map(({ gateway }) => gateway)).toEqual(['192.168.8.1'])
        expect(node().clone.identity.nics).toMatchObject([{ ipv4: `${asked.ip}/24`, gateway: '192.168.8.1' }])
        expect(links.map(({ ifname }) => ifname)).toEqual([asked.from === 'static' ? 'lan0' : 'ens160'])
      })

      test('it has the hostname and the DNS server, and knows no template', () => {
        expect(found().hostname).toBe(asked.name)
        expect(found().resolvConf.match(/^nameserver .*$/gm)).toEqual([`nameserver ${asked.dns}`])
        if (asked.from === 'static') expect(found().resolvConf).toMatch(/^search example\.test *$/m)
        expect(found().hosts).not.toMatch(/\btemplate\b/)
      })

      test('MAC and product UUID are those of the .vmx and of the report, none of them the template’s', async () => {
        const { vmx, guest, clone } = node()
        const values = await vmxValues(vmx)
        const template = await vmxValues(join(guest.template, 'template.vmx'))
        const mac = values.get('ethernet0.address')?.toLowerCase()
        expect(mac).not.toBe(template.get('ethernet0.generatedaddress'))
        expect(found().macs.trim().split('\n').sort()).toEqual(['00:00:00:00:00:00', mac])
        expect(clone.identity.nics[0]?.mac).toBe(mac)
        expect(found().productUuid).toBe(uuidText(values.get('uuid.bios')))
      })

      test('machine-id and SSH host keys are those of the report, none of them the template’s', () => {
        const { clone, guest } = node()
        expect(found().machineId).toBe(clone.identity.machineId)
        expect(found().dbusMachineId).toBe(clone.identity.machineId)
        expect(found().machineId).not.toBe(guest.machineId)
        const served = fingerprintsIn(found().hostKeys)
        expect(served).toEqual(clone.identity.sshHostKeys.map(({ fingerprint }) => fingerprint).sort())
        expect(served.filter((fingerprint) => guest.fingerprints.includes(fingerprint))).toEqual([])
      })

      test('no unit failed', () => {
        expect(found().failed).toBe('')
        expect(found().state.trim()).toBe('running')
      })

      if (!booted.newInstance) return
      test('cloud-init took it for a new instance', () => {
        expect(found().instance).toBe(`iid-${asked.name}`)
      })
    },
  )
})

/** The seed of an instance that cloud-init has not seen, and that wants all to be otherwise. */
async function newInstance(directory: string, name: string): Promise<string> {
  const seed = join(directory, `${name}.seed`)
  await mkdir(seed)
  await writeFile(join(seed, 'meta-data'), `instance-id: iid-${name}\nlocal-hostname: seeded\n`)
  await writeFile(join(seed, 'user-data'), '#cloud-config\nssh_quiet_keygen: true\n')
  const ethernet = 'ethernets: {nic: {match: {name: "e*"}, addresses: [192.168.8.99/24]}}'
  await writeFile(join(seed, 'network-config'), `version: 2\n${ethernet}\n`)
  return seed
}
