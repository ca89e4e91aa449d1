import { join } from 'node:path'
import { seededDraw } from '../../identity/draw.ts'
import { cloneMachine } from '../../machine/clone/machine.ts'
import type { Template } from '../../machine/clone/template.ts'
import type { Survey } from '../../operations/survey.ts'
import type { Ground } from './plan-rows.ts'

/** What the clones of a template are planned from. `to`: the directory that they go to, absolute; `seed`: of all that is drawn. */
export function groundOf(
  template: Template,
  survey: Survey,
  {
    to,
    seed,
    ...same
  }: Pick<Ground, 'operations' | 'taken' | 'faults' | 'hostsBlock'> & {
    readonly to: string
    readonly seed: string
  },
): Ground {
  return {
    survey,
    ...same,
    drawOf: (row) => seededDraw(seed, row.name),
    machineOf: remembering((row) =>
      cloneMachine(template, { name: row.name, directory: join(to, row.name) }),
    ),
  }
}

/** The same function, which is asked for one thing several times in a row. */
function remembering(make: Ground['machineOf']): Ground['machineOf'] {
  let last: { readonly of: unknown; readonly made: ReturnType<typeof make> } | undefined
  return (of) => {
    if (last?.of !== of) last = { of, made: make(of) }
    return last.made
  }
}
