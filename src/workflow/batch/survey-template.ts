import { basename, join } from 'node:path'
import type { Guest } from '../../guest/guest.ts'
import { seededDraw } from '../../identity/draw.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import type { Template } from '../../machine/clone/template.ts'
import { cloneVmx } from '../../machine/clone/vmx.ts'
import { VmxDocument } from '../../machine/vmx/document.ts'
import { hostVmnets } from '../../network/vmnet/read.ts'
import { selectOperations } from '../select.ts'
import { surveyClone } from '../survey.ts'
import type { Ground } from './plan-rows.ts'
import type { BatchRow } from './types.ts'

/** Reads the template's guest once, for the plans of all its clones. Throws what reading throws, and UNKNOWN_OPERATION. */
export async function surveyTemplate(
  template: Template,
  guest: Guest,
  given: {
    readonly rows: readonly BatchRow[]
    readonly to: string
    readonly seed: string
    readonly taken: Iterable<string>
  },
): Promise<Ground> {
  const { to, seed, taken, rows } = given
  const operations = selectOperations(rows[0]?.request ?? { enable: [], disable: [] })
  const survey = await surveyClone(template, guest, await hostVmnets(), operations)
  return {
    survey,
    operations,
    taken: new Set([...taken, ...template.nics.flatMap(({ macs }) => macs)]),
    drawOf: (row) => seededDraw(seed, row.name),
    machineOf({ name }) {
      const directory = join(to, name)
      const names = cloneNames(template, name)
      const vmxPath = join(directory, names.vmx)
      const vmx = cloneVmx(template, { name, directory })
      const { vmxf: _, ...rest } = template
      const vmxf = template.vmxf && { name: names.vmxf, bytes: template.vmxf.bytes }
      return {
        ...rest,
        vmxPath,
        directory,
        name,
        vmx: VmxDocument.parse(vmx.bytes(), basename(vmxPath)),
        ...(vmxf ? { vmxf } : {}),
      }
    },
  }
}
