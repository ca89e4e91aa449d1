import { createHash } from 'node:crypto'
import type { BatchReport } from '../../../workflow/batch/types.ts'
import { isChanged } from '../batch/brief.ts'
import { closingOf, countsOf } from '../batch/closing.ts'
import { type Group, groupErrors, groupNotices, namesOf } from '../batch/group.ts'
import { diffLimitOf } from '../json.ts'
import { scriptLine, scriptsHeading, scriptsOf } from '../scripts.ts'
import { differences } from './differences.ts'
import { counted, PAGE_HEAD, text } from './markup.ts'
import { networksOf } from './networks.ts'
import { networkPicture } from './picture.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import { hasFindings, sweepTable } from './sweep.ts'
import { identityTable } from './table.ts'

const NAMES = 8

/** What became of a batch as one HTML page that asks for nothing else. `at`: when it was made. In pieces, to be joined. */
export function* batchPage(report: BatchReport, at: Date): Generator<string> {
  const title = titleOf(report)
  const sections = sectionsOf(report)
  const links = sections.map(({ id, heading }) => `<li><a href="#${id}">${heading}</a></li>`)
  yield `${PAGE_HEAD}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#identities">To the table</a>
<header>
<h1>${text(title)}</h1>
<p>${text(closingOf(report))}</p>
${tiles(report)}<nav aria-label="Sections"><ul>${links.join('')}</ul></nav>
</header>
<main>
`
  for (const { id, heading, body } of sections) {
    yield `<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2>\n`
    yield* body()
    yield '</section>\n'
  }
  yield `</main>
<footer>Made by vmclone-fix on <time datetime="${at.toISOString()}">${at.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>.</footer>
<script>${SCRIPT}</script>
</body>
</html>
`
}

interface Section {
  readonly id: string
  readonly heading: string
  body(): Iterable<string>
}

function sectionsOf(report: BatchReport): Section[] {
  const { clones, timings, sweep } = report
  const [errors, notices, networks] = [groupErrors(report), groupNotices(report), networksOf(report)]
  const planned = clones.some(({ status }) => status === 'planned')
  const changed = clones.some(isChanged)
  return [
    ...(errors.length > 0
      ? [{ id: 'failures', heading: 'Failed', body: () => troubles(errors, 'troubles failures') }]
      : []),
    { id: 'identities', heading: 'Identities', body: () => identityTable(clones) },
    ...(networks.length > 0
      ? [
          {
            id: 'network',
            heading: 'Network',
            body: () => networks.flatMap((network, index) => [...networkPicture(network, index)]),
          },
        ]
      : []),
    ...(changed
      ? [
          {
            id: 'changes',
            heading: planned ? 'What would change' : 'What changed',
            body: () => changes(report),
          },
        ]
      : []),
    ...(scriptsOf(clones).length > 0
      ? [{ id: 'scripts', heading: scriptsHeading(clones), body: () => [scriptList(report)] }]
      : []),
    ...(hasFindings(sweep)
      ? [{ id: 'sweep', heading: 'Still names the old machine', body: () => sweepTable(sweep) }]
      : []),
    ...(notices.length > 0
      ? [{ id: 'notices', heading: 'Good to know', body: () => troubles(notices, 'troubles') }]
      : []),
    ...(timings.length > 0 ? [{ id: 'timings', heading: 'Timings', body: () => [timingTable(report)] }] : []),
  ]
}

function titleOf({ clones, clone, template }: BatchReport): string {
  const kind = clone === undefined || template === undefined ? '' : `${clone} `
  return `${counted(clones.length, `${kind}clone`)}${template === undefined ? '' : ` of ${template}`}`
}

function tiles({ clones, seconds }: BatchReport): string {
  const { fixed, planned, kept, unchanged, failed, readBack } = countsOf(clones)
  const tile = (count: number | string, what: string, kind = '') => `<li${kind}><b>${count}</b>${what}</li>`
  const all = [
    ...(planned > 0 ? [tile(planned, 'planned')] : [tile(fixed, 'done')]),
    ...(kept > 0 ? [tile(kept, 'kept')] : []),
    ...(unchanged > 0 ? [tile(unchanged, 'unchanged')] : []),
    ...(failed > 0 ? [tile(failed, 'failed', ' class="bad"')] : []),
    ...(readBack > 0 ? [tile(readBack, 'read back')] : []),
    tile(seconds.toFixed(1), 'seconds'),
  ]
  return `<ul class="tiles">${all.join('')}</ul>\n`
}

function* troubles(groups: readonly Group[], kind: string): Generator<string> {
  yield `<dl class="${kind}">\n`
  for (const { code, hint, messages } of groups) {
    for (const { message, clones } of messages) {
      const count = clones.length > NAMES + 1 ? `${clones.length} clones: ` : ''
      const about = clones.length === 0 ? '' : ` (${count}${namesOf(clones, NAMES)})`
      yield `<dt>${text(message + about)} <code>${code}</code></dt>\n`
    }
    if (hint !== undefined) yield `<dd>${text(hint)}</dd>\n`
  }
  yield '</dl>\n'
}

function* changes({ clones }: BatchReport): Generator<string> {
  yield '<p class="on-paper">Only the differences that were open are printed.</p>\n'
  yield* differences(clones, diffLimitOf(clones.length))
}

function scriptList({ clones }: BatchReport): string {
  const items = scriptsOf(clones).map((script) => `<li>${text(scriptLine(script))}</li>`)
  return `<ul>${items.join('')}</ul>\n`
}

function timingTable({ timings, seconds }: BatchReport): string {
  const rows = [...timings, { what: 'in all', seconds }].map(
    ({ what, seconds: took }) => `<tr><th scope="row">${text(what)}</th><td>${took.toFixed(1)} s</td></tr>`,
  )
  return `<p>By the clock; parts may overlap.</p><div class="timings"><table><thead><tr><th scope="col">What</th><th scope="col">Time</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>\n`
}

/** For the page's own style and script: no other may run. */
function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`
}
