import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openGuest } from '../../src/guest/guest.ts'
import { KeyRing } from '../../src/guest/storage/keys.ts'
import { readChain } from '../../src/machine/disk/chain.ts'
import { NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { vmxValues } from '../support/guest.ts'
import { KEY_FILE } from '../support/layout-list.ts'
import { buildLayoutTemplates, TEMPLATE_KEY } from '../support/layout-templates.ts'
import { LONG } from '../support/long.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { TEMPLATE_LAYOUTS } from '../support/template-layouts.ts'

const scratch = scratchDirectory()
const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
let templates: Map<string, string>

beforeAll(async () => {
  templates = await buildLayoutTemplates(scratch, layouts)
})

/** A usual run takes these; `scripts/test long` all. */
const SAMPLE = ['lvm', 'btrfs', 'inline-data', 'content-elsewhere']
const layouts = TEMPLATE_LAYOUTS.map(({ name }) => name).filter((name) => LONG || SAMPLE.includes(name))

/** Where stamping is not sound. Those made to defeat it may come out either way, if they come out right. */
const EDITED = ['btrfs', 'luks', 'raid']
const NAMES = ['a1', 'a2', 'a3', 'a4']

describe('four clones of a template', () => {
  test.for(layouts)('on %s: each has its own content and no other’s', async (layout) => {
    const template = templates.get(layout) ?? ''
    const table = await writeTable(join(scratch, `${layout}.csv`), NAMES)
    const kind = layout.length % 2 === 0 ? 'linked' : 'full'
    const to = join(scratch, `${layout}-clones`)
    const run = await runBatch([
      ...[table, '--template', template, '--to', to, '--clone', kind],
      ...['--key', `all:file:${join(scratch, TEMPLATE_KEY)}`, '--verify', ...NETWORK],
    ])
    expect(run, run.stderr).toMatchObject({ exit: 0 })
    expect(run.clones).toHaveLength(NAMES.length)
    expect((await readdir(to)).sort()).toEqual(['.vmclone-fix-batch', ...NAMES])
    if (EDITED.includes(layout)) for (const { how } of run.clones) expect(how).toBe('edited')
    for (const { readBack } of run.clones) expect(readBack).toBe(true)
    const ids = run.clones.map(({ identity }) => identity.machineId)
    expect(new Set(ids).size).toBe(NAMES.length)
    const last = run.clones.at(-1)
    if (last === undefined) throw new Error('no clone')
    // Once more by hand, in an appliance that knows nothing of the batch.
    const values = await vmxValues(last.vmx)
    const disks = [...values].filter(([key]) => /^scsi\d+:\d+\.filename$/.test(key)).map(([, name]) => name)
    const chains = await Promise.all(disks.map((name) => readChain(join(dirname(last.vmx), name))))
    const drives = chains.map(({ leaf }) => ({ path: leaf.descriptorPath, format: 'vmdk', readonly: true }))
    const guest = await openGuest({ drives, env, keys: new KeyRing([{ device: 'all', secret: KEY_FILE }]) })
    const tree = await guest.read(['/etc/hostname', '/etc/machine-id', '/etc/network/interfaces'])
    await guest.close()
    expect(tree.text('/etc/hostname')).toBe('a4\n')
    expect(tree.text('/etc/machine-id')).toBe(`${last.identity.machineId}\n`)
    expect(tree.text('/etc/network/interfaces')).toContain('192.168.8.14/24')
  })
})
