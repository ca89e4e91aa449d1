import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { planFix } from '../../src/workflow/fix.ts'
import { buildLayoutTemplates, TEMPLATE_KEY } from '../support/layout-templates.ts'
import { LONG } from '../support/long.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { TEMPLATE_LAYOUTS } from '../support/template-layouts.ts'

const directory = scratchDirectory()
let templates: Map<string, string>

// Each costs an appliance; test/guest/storage.real.test.ts opens the layouts that are left out.
const PLANNED = ['luks', 'separate', 'xfs-reflink']
const SPECIAL = ['inline-data', 'blocks-1k', 'data-journal', 'content-elsewhere', 'xfs-reflink']
const layouts = TEMPLATE_LAYOUTS.map(({ name }) => name).filter(
  (name) => LONG || PLANNED.includes(name) || SPECIAL.includes(name),
)

beforeAll(async () => {
  templates = await buildLayoutTemplates(directory, layouts)
})

test('there is one of each layout', () => {
  expect([...templates.keys()]).toEqual(layouts)
})

test.each(PLANNED)('a fix of %s can be planned', async (name) => {
  const report = await planFix({
    vmx: templates.get(name) ?? '',
    request: {
      hostname: 'node1',
      nics: [{ ip: '192.168.8.12', prefix: 24, gateway: '192.168.8.2', dns: ['192.168.8.2'] }],
      hosts: [],
      enable: [],
      disable: [],
    },
    keys: name === 'luks' ? [{ device: 'all', file: join(directory, TEMPLATE_KEY) }] : [],
    environment: { LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' },
  })
  expect(report).toMatchObject({
    status: 'planned',
    was: { hostname: 'debian.localdomain', nics: [{ profile: 'ens33' }] },
  })
  expect(report.was?.sshHostKeys.map(({ type }) => type).sort()).toEqual(['ecdsa', 'ed25519', 'rsa'])
  expect(report.changes.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/etc/hostname', '/etc/machine-id', '/etc/network/interfaces']),
  )
})

describe('what a stamp could go wrong on is there', () => {
  /** The template's disk as raw bytes, and its partition for e2fsprogs. */
  async function rawOf(name: string): Promise<{ raw: string; partition: string }> {
    const raw = join(directory, `${name}.raw`)
    const disk = join(dirname(templates.get(name) ?? ''), 'template.vmdk')
    await execa('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
    return { raw, partition: `${raw}?offset=${1024 * 1024}` }
  }
  const debugfs = async (partition: string, command: string) =>
    (await execa('/usr/sbin/debugfs', ['-R', command, partition])).stdout
  const machineId = async (partition: string) => (await debugfs(partition, 'cat /etc/machine-id')).trim()
  const occurrences = async (raw: string, text: string) =>
    (await execa('grep', ['-aob', text, raw])).stdout.split('\n').length

  test('inline data', async () => {
    const { partition } = await rawOf('inline-data')
    expect(await debugfs(partition, 'stat /etc/hostname')).toContain('Size of inline data')
  })

  test('blocks of 1 KiB', async () => {
    const { partition } = await rawOf('blocks-1k')
    expect(await debugfs(partition, 'stats')).toMatch(/^Block size: +1024$/m)
  })

  test('data in the journal', async () => {
    const { raw, partition } = await rawOf('data-journal')
    expect(await debugfs(partition, 'stats')).toMatch(/^Default mount options: .*journal_data( |$)/m)
    expect(await occurrences(raw, await machineId(partition))).toBeGreaterThan(2)
  })

  test('content that lies elsewhere: in a file, where a file was, and outside of the file system', async () => {
    const { raw, partition } = await rawOf('content-elsewhere')
    expect(await occurrences(raw, await machineId(partition))).toBeGreaterThan(3)
    expect(await debugfs(partition, 'ls /srv')).not.toContain('deleted')
    const { stdout } = await execa('dd', [`if=${raw}`, 'bs=512', 'skip=1024', 'count=1', 'status=none'])
    expect(stdout.replaceAll('\0', '').trim()).toBe(await debugfs(partition, 'cat /etc/hostname'))
  })

  test('files that share their blocks', async () => {
    const { raw } = await rawOf('xfs-reflink')
    const partition = `${raw}.partition`
    await execa('dd', [`if=${raw}`, `of=${partition}`, 'bs=1M', 'skip=1', 'conv=sparse', 'status=none'])
    const extent = async (path: string) =>
      (await execa('/usr/sbin/xfs_db', ['-r', '-c', `path ${path}`, '-c', 'bmap', partition])).stdout
    expect(await extent('/etc/hostname')).toMatch(/startblock \d+/)
    expect(await extent('/srv/etc_hostname')).toBe(await extent('/etc/hostname'))
  })
})
