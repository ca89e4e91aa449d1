import type { CloneReport, IdentityCard } from '../../workflow/report.ts'
import { renderCard } from './card.ts'
import { renderChanges, renderDiffs, sayTally, tallyOf } from './changes.ts'
import { block } from './columns.ts'
import { visible } from './escape.ts'
import { renderNotices } from './notices.ts'
import type { Look } from './paint.ts'
import { renderScripts } from './scripts.ts'
import { renderSweep } from './sweep.ts'

/** What became of a clone, or would become of it, for a person. Ends in a newline. */
export function renderReport(report: CloneReport, { diff }: { diff: boolean }, look: Look): string {
  const { status, changes, was, identity, notices, sweep } = report
  const diffs = diff || status === 'planned'
  const lines = [
    ...block(headline(report), '', look.width).map((line) => look.paint('bold', line)),
    '',
    ...(identity === undefined ? [] : [...renderCard(was, identity, look, report.vmx !== undefined), '']),
    ...(status === 'unchanged' ? [] : renderChanges(changes, look)),
    ...renderScripts([report], look),
    ...(diffs ? renderDiffs(changes, look) : []),
    ...renderSweep(sweep, look),
    ...renderNotices(notices, look),
    ...block(ending(report), '', look.width),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function headline({ name, status, os, was, identity }: CloneReport): string {
  const it = visible(name) + (os === undefined ? '' : ` (${visible(os)})`)
  const own = sharesNothing(was, identity)
  if (status === 'fixed') return own ? `${it} has an identity of its own.` : `${it} was changed as asked.`
  if (status === 'unchanged') return `${it} is as asked already; nothing to do.`
  if (status === 'planned')
    return own ? `${it} would get an identity of its own.` : `${it} would be changed as asked.`
  return `${it} is as it was.`
}

/** True if nothing that tells machines apart stays from before. */
function sharesNothing(was: IdentityCard | undefined, is: IdentityCard | undefined): boolean {
  const marks = (card: IdentityCard | undefined) => [
    card?.uuid,
    card?.machineId,
    ...(card?.nics ?? []).map(({ mac }) => mac),
    ...(card?.sshHostKeys ?? []).map(({ fingerprint }) => fingerprint),
  ]
  const old = new Set(marks(was))
  return marks(is).every((mark) => mark === undefined || !old.has(mark))
}

function ending({ status, changes, scripts = [], seconds, vmx }: CloneReport): string {
  const counted = sayTally([tallyOf(changes)]) || 'No file'
  const its = scripts.length === 1 ? 'a script' : `${scripts.length} scripts`
  const [ran, would] = scripts.length === 0 ? ['', ''] : [`, ran ${its}`, `, and ${its} would run`]
  const time = `${seconds.toFixed(1)} s`
  if (status === 'fixed')
    return `Changed ${counted.replace(/^No/, 'no')}${ran} in ${time}.${vmx === undefined ? '' : ' The VM can be powered on.'}`
  if (status === 'planned')
    return `${counted} would change${would}. Nothing was written; run it without --dry-run to do it. New ids and keys are drawn again then.`
  if (status === 'unchanged') return 'Nothing was written.'
  return ''
}
