import { visible } from '../render/escape.ts'
import type { Output } from '../terminal.ts'
import type { Progress } from './index.ts'

/** Asks on a line of its own, which the answer ends without showing in it. */
export function askOn(output: Output): Progress['ask'] {
  return async (question, answer) => {
    output.write(visible(question))
    try {
      return await answer()
    } finally {
      output.write('\n')
    }
  }
}
