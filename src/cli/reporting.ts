import type { Stage } from '../events.ts'
import type { CloneReport } from '../workflow/report.ts'
import type { Invocation } from './command.ts'
import type { Progress } from './progress/index.ts'

/** Does work on one clone with its progress on stderr, shows what became of it, and gives the exit status. */
export async function reporting(
  invocation: Invocation,
  stages: readonly Stage[],
  work: (progress: Progress) => Promise<CloneReport>,
): Promise<number> {
  const started = performance.now()
  const { values, terminal } = invocation
  const { startProgress } = await import('./progress/index.ts')
  const dry = values['dry-run']?.value ?? false
  const progress = await startProgress({
    terminal,
    quiet: values.quiet?.value ?? false,
    verbose: values.verbose?.value ?? false,
    stages: dry ? stages.slice(0, stages.indexOf('plan') + 1) : stages,
  })
  let ended = false
  try {
    const report = await work(progress)
    ended = report.status !== 'failed'
    await progress.end(ended)
    return await show(report, invocation, (performance.now() - started) / 1000)
  } finally {
    if (!ended) await progress.end(false)
  }
}

async function show(report: CloneReport, { values, terminal }: Invocation, seconds: number): Promise<number> {
  const { stdout, stderr, environment } = terminal
  if (values.json?.value) {
    const { jsonReport } = await import('./render/json.ts')
    stdout.write(jsonReport([report], { applied: !values['dry-run']?.value, seconds }))
    return report.error?.exit ?? 0
  }
  const { lookOf } = await import('./render/paint.ts')
  const { renderReport } = await import('./render/report.ts')
  const diff = values.diff?.value ?? false
  if (report.error === undefined) {
    stdout.write(renderReport(report, { diff }, lookOf(stdout, environment)))
    return 0
  }
  const { renderError } = await import('./render/error.ts')
  const { renderNotices } = await import('./render/notices.ts')
  stderr.write(renderError(report.error, terminal, values.verbose?.value ?? false))
  const notices = renderNotices(report.notices, lookOf(stderr, environment))
  if (notices.length > 0 && !values.quiet?.value) stderr.write(`${notices.join('\n')}\n`)
  return report.error.exit
}
