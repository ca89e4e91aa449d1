import type { CloneReport, ScriptReport } from '../../workflow/report.ts'
import { block } from './columns.ts'
import { visible } from './escape.ts'
import type { Look } from './paint.ts'

type Scripted = Pick<CloneReport, 'status' | 'scripts'>

/** The --with scripts that ran, or would, over any of these clones, each once; what they do is theirs. */
export function scriptsOf(clones: readonly Scripted[]): ScriptReport[] {
  const all = clones.flatMap(({ scripts = [] }) => scripts)
  return [...new Map(all.map((script) => [script.file, script])).values()]
}

/** A heading for them. */
export function scriptsHeading(clones: readonly Scripted[]): string {
  const where = clones.length > 1 ? ' in each clone' : ''
  return clones.some(({ status }) => status === 'planned')
    ? `Scripts that would run afterwards${where}; a dry run runs none`
    : `Scripts that ran afterwards${where}`
}

/** "web.gf: 5 commands" */
export function scriptLine({ file, commands }: ScriptReport): string {
  return `${file}: ${commands} command${commands === 1 ? '' : 's'}`
}

/** Them with their places and lengths, and a blank line; nothing if there are none. */
export function renderScripts(clones: readonly Scripted[], look: Look): string[] {
  const lines = scriptsOf(clones).flatMap((script) => block(visible(scriptLine(script)), '  ', look.width))
  const heading = block(scriptsHeading(clones), '', look.width).map((line) => look.paint('bold', line))
  return lines.length === 0 ? [] : [...heading, ...lines, '']
}
