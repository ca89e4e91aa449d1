import { join } from 'node:path'
import type { Guest } from '../../guest/guest.ts'
import { seededDraw } from '../../identity/draw.ts'
import { cloneMachine } from '../../machine/clone/machine.ts'
import type { Template } from '../../machine/clone/template.ts'
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
    machineOf: ({ name }) => cloneMachine(template, { name, directory: join(to, name) }),
  }
}
