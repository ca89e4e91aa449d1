import { CLONE_STEPS, type Event, STAGES, type Stage } from '../../events.ts'
import { visible } from '../render/escape.ts'
import type { Output } from '../terminal.ts'
import { failureText, stepsLine, totalLine } from './batch-lines.ts'
import { BatchState } from './batch-state.ts'
import type { Progress } from './index.ts'
import { lowerFirst, plainProgress } from './plain.ts'

/** Seconds between two lines that tell how far it is, and at least as many if much happened. */
const INTERVAL = { usual: 10, least: 1 }

/** Part of the clones that is worth a line. */
const SHARE = 0.1

/** Calm lines: the stages, then one every ten seconds or tenth of the clones, and each failure; with `details` every step. */
export function plainBatch(
  output: Output,
  {
    total,
    details,
    now = () => performance.now() / 1000,
  }: { total: number; details: boolean; now?: () => number },
): Progress {
  const state = new BatchState(total)
  const stages = plainProgress(output, details)
  const say = (text: string): void => {
    output.write(`vmclone-fix: ${text}\n`)
  }
  const started = now()
  let told: { at: number; finished: number } | undefined
  // Of an appliance that is started before the clones’ own steps begin, or between them.
  let stage: Stage | undefined
  const tell = (): void => {
    const finished = state.done + state.kept + state.failed
    const line = totalLine(
      state,
      finished === total ? undefined : state.secondsLeft(now()),
      Number.POSITIVE_INFINITY,
    )
    told = { at: now(), finished }
    const doing = stepsLine(state) || (stage === undefined ? '' : lowerFirst(STAGES[stage]))
    say(doing === '' || finished === total ? line : `${line}; ${doing}`)
  }
  const timer = setInterval(() => {
    if (told !== undefined && now() - told.at >= INTERVAL.usual) tell()
  }, 1000)
  timer.unref()
  const onClone = (event: Extract<Event, { type: 'clone' }>): void => {
    told ??= { at: now(), finished: 0 }
    if (event.step !== 'waiting') stage = undefined
    const failure = state.on(event, now())
    if (failure !== undefined) say(failureText(failure))
    else if (details) say(`${visible(event.name)}: ${CLONE_STEPS[event.step]}`)
    const finished = state.done + state.kept + state.failed
    const [news, since] = [finished - told.finished, now() - told.at]
    if ((news >= total * SHARE && since >= INTERVAL.least) || since >= INTERVAL.usual) tell()
  }
  let over = false
  return {
    onEvent(event) {
      if (event.type === 'stage' && told !== undefined) stage = event.stage
      if (event.type === 'clone') onClone(event)
      else if (event.type !== 'stage' || told === undefined) stages.onEvent(event)
    },
    ask: stages.ask,
    async end() {
      clearInterval(timer)
      if (over || told === undefined) return
      over = true
      say(`${totalLine(state, undefined, Number.POSITIVE_INFINITY)}, after ${(now() - started).toFixed(1)} s`)
    },
  }
}
