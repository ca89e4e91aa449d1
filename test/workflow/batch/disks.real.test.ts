import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTemplate } from '../../../src/machine/clone/template.ts'
import { finishDisks, makeWorkDisks } from '../../../src/workflow/batch/disks.ts'
import { openPlaces } from '../../../src/workflow/batch/places.ts'
import { useDirectory } from '../../support/disks.ts'
import { makeTemplate } from '../../support/template.ts'

const directory = useDirectory()
const at = (...names: string[]) => join(directory(), ...names)

test.each(['full', 'linked'] as const)(
  'nothing but its disks is left in a %s clone of what qemu opens through a shadow',
  async (kind) => {
    const vmx = await makeTemplate(at('base'), { subformat: 'twoGbMaxExtentSparse' })
    const text = await readFile(at('base', 'base.vmdk'), 'latin1')
    await writeFile(at('base', 'base.vmdk'), text.replace('# Extent description', ''), 'latin1')
    const { template } = await readTemplate(vmx, kind)
    expect(template.disks[0]?.chain.directPath).toBeUndefined()
    const places = await openPlaces(at('vms'))
    const home = await places.working('node1')
    await finishDisks(template, await makeWorkDisks(template, home, 'node1'), home, 'node1')
    expect((await readdir(home)).sort()).toEqual(['node1-s001.vmdk', 'node1.vmdk'])
    await places.close()
  },
)
