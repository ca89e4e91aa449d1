import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type BatchCloneJson, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { run } from '../support/cli.ts'
import { type GuestFiles, readGuest } from '../support/disk.ts'
import { buildGuest, copyVm, vmxValues } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const SYSTEM_ID = '/etc/openvswitch/system-id.conf'
const ZABBIX = '/etc/zabbix/zabbix_agentd.conf'
const TAILSCALE = '/var/lib/tailscale/tailscaled.state'
const OLD_ID = '0d1b2c3e-4f50-4617-8293-a4b5c6d7e8f9'

/** What agents leave in a template, where they would have it. */
const AGENTS = [
  'mkdir-p /etc/openvswitch',
  `write ${SYSTEM_ID} "${OLD_ID}\\n"`,
  'mkdir-p /etc/zabbix',
  `write ${ZABBIX} "Server=192.168.8.1\\nHostname=template\\n"`,
  'mkdir-p /var/lib/tailscale',
  `write ${TAILSCALE} "{}"`,
  '',
]
const KEEP = ['hostname', 'mac', 'uuid', 'machine-id', 'ssh-keys'].flatMap((name) => [`--${name}`, 'keep'])
const NAMES = ['web1', 'web2', 'web3', 'web4']

const scratch = scratchDirectory()
let clones: readonly BatchCloneJson[]
const guests: GuestFiles[] = []

beforeAll(async () => {
  const template = await copyVm((await buildGuest('dhcp')).template, join(scratch, 'base'))
  const script = join(scratch, 'agents.gf')
  await writeFile(script, AGENTS.join('\n'))
  await run([template, ...KEEP, '--with', script])
  const table = await writeTable(join(scratch, 'clones.csv'), NAMES)
  const args = [table, '--template', template, '--to', join(scratch, 'vms'), '--clone', 'linked']
  const made = await runBatch([...args, ...NETWORK, '--ssh-keys', 'keep', '--enable', 'reset-agents'])
  expect(made, made.stderr).toMatchObject({ exit: 0 })
  clones = made.clones
  for (const { vmx } of clones.slice(0, 2)) {
    const disk = join(dirname(vmx), (await vmxValues(vmx)).get('scsi0:0.filename') ?? '')
    guests.push(await readGuest(disk, scratch, [SYSTEM_ID, ZABBIX]))
  }
})

test('the clones of a template with agents are stamped all the same', () => {
  expect(clones.map(({ name, status, how }) => `${name} ${status} ${how}`)).toEqual(
    NAMES.map((name) => `${name} fixed stamped`),
  )
})

test('each agent is reset in each clone, to what is its own', () => {
  const ids = guests.map(({ texts }) => texts.get(SYSTEM_ID)?.trim())
  expect(new Set([OLD_ID, ...ids]).size).toBe(3)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(guests.map(({ texts }) => texts.get(ZABBIX))).toEqual(
    NAMES.slice(0, 2).map((name) => `Server=192.168.8.1\nHostname=${name}\n`),
  )
  for (const { manifest } of guests) expect([...manifest.keys()]).not.toContain(TAILSCALE)
})
