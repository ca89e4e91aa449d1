import type { Sweep } from '../../../workflow/sweep/types.ts'
import { oldValueOf, skippedSentences } from '../sweep.ts'
import { text } from './markup.ts'

/** True if there is anything to say. */
export function hasFindings(sweep: Sweep | undefined): sweep is Sweep {
  return sweep !== undefined && sweep.leftovers.length + sweep.more + sweep.skipped.length > 0
}

/** The lines that still name the template, as a table, and what was not searched. */
export function* sweepTable(sweep: Sweep): Generator<string> {
  const { leftovers, more } = sweep
  if (leftovers.length > 0) {
    yield '<div class="lines"><table><thead><tr><th scope="col">Where</th><th scope="col">What</th><th scope="col">Line</th></tr></thead><tbody>'
    for (const one of leftovers) {
      const line = one.text === undefined ? '(not shown)' : `<code>${text(one.text)}</code>`
      yield `<tr><th scope="row">${text(`${one.path}:${one.line}`)}</th><td>${text(oldValueOf(one))}</td><td>${line}</td></tr>\n`
    }
    yield '</tbody></table></div>\n'
  }
  if (more > 0) yield `<p>${more} more are not listed.</p>\n`
  for (const sentence of skippedSentences(sweep)) yield `<p>${text(sentence)}</p>\n`
}
