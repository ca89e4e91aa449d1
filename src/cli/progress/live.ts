import { Listr } from 'listr2'
import { STAGES, type Stage } from '../../events.ts'
import { visible } from '../render/escape.ts'
import { gate } from './gate.ts'
import type { Progress } from './index.ts'
import { Screen, stderrLogger } from './screen.ts'

/**
 * A live list of the stages on stderr, drawn by listr2; each stage ends when a later one starts. Stages that a run
 * never came to are not shown when it has ended.
 */
export function liveProgress(stages: readonly Stage[]): Progress {
  const gates = new Map(stages.map((stage) => [stage, gate()]))
  let reached = -1
  let over = false
  let show = (_text: string): void => {}
  const list = new Listr(
    stages.map((stage, index) => ({
      title: STAGES[stage],
      enabled: () => !over || index <= reached,
      task: (_, task) => {
        show = (text) => {
          task.output = text
        }
        return gates.get(stage)?.passed
      },
    })),
    {
      concurrent: false,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: Screen,
      rendererOptions: { logger: stderrLogger(), showErrorMessage: false, collapseErrors: false },
    },
  )
  const done = list.run().catch(() => {})
  return {
    onEvent(event) {
      if (event.type !== 'stage') return
      reached = Math.max(reached, stages.indexOf(event.stage))
      for (const stage of stages.slice(0, reached)) gates.get(stage)?.pass()
    },
    async ask(question, answer) {
      show(visible(question))
      try {
        return await answer()
      } finally {
        show('')
      }
    },
    async end(well) {
      over = true
      for (const { pass, fail } of gates.values()) well ? pass() : fail()
      await done
    },
  }
}
