import { styleText } from 'node:util'
import { Listr } from 'listr2'
import type { Stage } from '../../events.ts'
import { visible } from '../render/escape.ts'
import { currentLines, failureLines, totalLine } from './batch-lines.ts'
import { BatchState } from './batch-state.ts'
import { gate } from './gate.ts'
import type { Progress } from './index.ts'
import { liveProgress } from './live.ts'
import { Screen, stderrLogger, widthNow } from './screen.ts'

/** What a batch does before its first clone. */
const STAGES_BEFORE: readonly Stage[] = ['check', 'launch', 'read', 'plan']

const MOST_LINES = 8

/** Milliseconds between two looks at what changed. */
const INTERVAL = 200

/** The stages as for one clone; then what is being done now, how far it is, and each failure as a line that stays. */
export function liveBatch(total: number): Progress {
  const stages = liveProgress(STAGES_BEFORE)
  const state = new BatchState(total)
  let list: CloneList | undefined
  let begun: Promise<void> | undefined
  const waiting: string[] = []
  return {
    onEvent(event) {
      if (event.type === 'stage' && begun === undefined) stages.onEvent(event)
      if (event.type !== 'clone') return
      begun ??= stages.end(true).then(() => {
        list = cloneList(state)
        list.above(waiting.splice(0))
      })
      const failure = state.on(event, performance.now() / 1000)
      if (failure === undefined) return
      const lines = failureLines(failure, widthNow() - 3).map((line, index) =>
        styleText('red', `${index === 0 ? '✖' : ' '} ${line}`, { validateStream: false }),
      )
      if (list === undefined) waiting.push(...lines)
      else list.above(lines)
    },
    ask: (question, answer) =>
      list === undefined ? stages.ask(question, answer) : list.ask(question, answer),
    async end(well) {
      await stages.end(well || begun !== undefined)
      await begun
      await list?.end(well && state.failed === 0)
    },
  }
}

interface CloneList extends Omit<Progress, 'onEvent'> {
  /** Lines that stay. */
  above(lines: readonly string[]): void
}

function cloneList(state: BatchState): CloneList {
  const { passed, pass, fail } = gate()
  let question = ''
  let refresh = (): void => {}
  const title = (): string => totalLine(state, state.secondsLeft(performance.now() / 1000), widthNow() - 3)
  const list = new Listr(
    {
      title: title(),
      task: (_, task) => {
        refresh = () => {
          const most = Math.min(MOST_LINES, (process.stderr.rows || 24) - 3)
          const lines = currentLines(state, most, widthNow() - 5)
          task.title = title()
          task.output = [...(question === '' ? [] : [question]), ...lines].join('\n') || ' '
        }
        refresh()
        return passed
      },
    },
    {
      exitOnError: false,
      registerSignalListeners: false,
      renderer: Screen,
      rendererOptions: { logger: stderrLogger(), showErrorMessage: false, collapseErrors: false },
    },
  )
  const timer = setInterval(() => refresh(), INTERVAL)
  timer.unref()
  const done = list.run().catch(() => {})
  return {
    above(lines) {
      if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
    },
    async ask(text, answer) {
      question = visible(text)
      refresh()
      try {
        return await answer()
      } finally {
        question = ''
        refresh()
      }
    },
    async end(well) {
      clearInterval(timer)
      refresh()
      well ? pass() : fail()
      await done
    },
  }
}
