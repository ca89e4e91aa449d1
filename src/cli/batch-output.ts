import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DigestSource } from '../workflow/batch/digest.ts'
import type { BatchReport } from '../workflow/batch/types.ts'
import type { Invocation } from './command.ts'
import { isDescriptor } from './descriptor.ts'
import type { DigestSettings } from './render/batch/digester.ts'
import { writeAll } from './write.ts'

/** What makes, of the changes of each clone in a batch of so many, that which the reports that are asked for say of them. */
export async function digesting(
  { json, report }: Pick<Invocation['values'], 'json' | 'report'>,
  clones: number,
): Promise<DigestSource> {
  const { DIGESTER } = await import('./render/batch/digester.ts')
  const settings: DigestSettings = {
    brief: !json?.value || report !== undefined,
    json: json?.value ?? false,
    clones,
  }
  return { module: DIGESTER, settings }
}

/**
 * Shows what became of a batch on stdout, as a text or with --json as the document, writes the HTML page if `page` names one,
 * and gives the exit status: 0, 5 if any clone failed, 130 if that was because of an interruption, else 4 if the page could not
 * be written.
 */
export async function showBatch(
  report: BatchReport,
  { values, terminal, signal }: Pick<Invocation, 'values' | 'terminal' | 'signal'>,
  page?: string,
): Promise<number> {
  const { stdout, stderr, environment, cwd } = terminal
  if (values.json?.value) {
    const { jsonBatch } = await import('./render/json.ts')
    await writeAll(stdout, jsonBatch(report, { applied: !values['dry-run']?.value }))
  } else {
    const { lookOf } = await import('./render/paint.ts')
    const { renderBatch } = await import('./render/batch/report.ts')
    const diff = values.diff?.value ?? false
    await writeAll(stdout, renderBatch(report, { diff }, lookOf(stdout, environment)))
  }
  if (values.verbose?.value) await showCauses(report, terminal)
  const fault = page === undefined ? undefined : await writePage(report, resolve(cwd, page))
  if (fault !== undefined) stderr.write(`vmclone-fix: the page could not be written: ${fault}\n`)
  return exitOf(report, signal.aborted) || (fault === undefined ? 0 : 4)
}

/** Exit status by what became of the clones. */
export function exitOf({ clones }: BatchReport, interrupted: boolean): number {
  if (!clones.some(({ status }) => status === 'failed')) return 0
  return interrupted ? 130 : 5
}

/** Each error with what lies beneath it, once for all clones that it befell. */
async function showCauses({ clones }: BatchReport, terminal: Invocation['terminal']): Promise<void> {
  const { renderError } = await import('./render/error.ts')
  const texts = clones.flatMap(({ error }) => (error?.cause ? [renderError(error, terminal, true)] : []))
  for (const text of new Set(texts)) terminal.stderr.write(text)
}

/** Gives what went wrong: the clones are there all the same. */
async function writePage(report: BatchReport, file: string): Promise<string | undefined> {
  const { visible } = await import('./render/escape.ts')
  const { batchPage } = await import('./render/html/page.ts')
  try {
    await writeFile(file, [...batchPage(report, new Date())].join(''), {
      flag: isDescriptor(file) ? 'a' : 'w',
    })
    return undefined
  } catch (error) {
    return visible((error as Error).message)
  }
}
