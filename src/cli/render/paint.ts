import { styleText } from 'node:util'
import { hasColours, type Output, type Terminal, widthOf } from '../terminal.ts'

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** How text is to look where it goes. */
export interface Look {
  readonly width: number
  /** Adds colour, or nothing where colours are off. */
  paint(format: Format, text: string): string
}

/** The look for an output: its width, and colours where they are wanted. */
export function lookOf(output: Output, environment: Terminal['environment']): Look {
  return look(widthOf(output), hasColours(output, environment))
}

export function look(width: number, colours: boolean): Look {
  return {
    width,
    // Node 20 colours always where several formats are passed at once.
    paint: (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text),
  }
}
