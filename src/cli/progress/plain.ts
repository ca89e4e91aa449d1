import { STAGES } from '../../events.ts'
import { visible } from '../render/escape.ts'
import type { Output } from '../terminal.ts'
import { askOn } from './ask.ts'
import type { Progress } from './index.ts'

/** One calm line a stage; with `details` every trace too. */
export function plainProgress(output: Output, details: boolean): Progress {
  const say = (text: string): void => {
    output.write(`vmclone-fix: ${visible(text)}\n`)
  }
  return {
    onEvent(event) {
      if (event.type === 'stage') say(`${lowerFirst(STAGES[event.stage])} …`)
      if (event.type === 'trace' && details) say(event.text)
    },
    ask: askOn(output),
    end: async () => {},
  }
}

/** "Planning" as "planning". */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
