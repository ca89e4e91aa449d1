import type { Command, Invocation } from '../command.ts'
import { OPTIONS, type OptionName } from '../options/table.ts'

/** Fixes one clone in place. */
export const fix: Command = {
  name: 'fix',
  summary: 'fix one clone in place (the default command)',
  description:
    'Gives one powered-off clone an identity of its own: MAC, UUID, address, host name, machine-id, SSH host keys.',
  operand: 'vm.vmx',
  options: Object.keys(OPTIONS) as OptionName[],
  examples: [
    {
      line: 'vmclone-fix node1/node1.vmx --ip 192.168.8.12',
      says: 'new address, new ids and keys; prefix, gateway and DNS are found',
    },
    {
      line: 'vmclone-fix node1/node1.vmx --ip 192.168.8.12/24 --gateway 192.168.8.2 --dry-run',
      says: 'shows every change as a diff and writes nothing',
    },
    {
      line: 'vmclone-fix node2/node2.vmx --dhcp --hostname node2.lab --hosts "192.168.8.12 node1"',
      says: 'address by DHCP, its own name, and the name of another machine',
    },
  ],
  async run(invocation) {
    const started = performance.now()
    const { values, terminal } = invocation
    const { startProgress } = await import('../progress/index.ts')
    const options = await fixOptions(invocation)
    const dry = values['dry-run']?.value ?? false
    const progress = await startProgress({
      terminal,
      quiet: values.quiet?.value ?? false,
      verbose: values.verbose?.value ?? false,
      dry,
    })
    const library = await import('../../workflow/fix.ts')
    let ended = false
    try {
      const report = await (dry ? library.planFix : library.fix)({ ...options, onEvent: progress.onEvent })
      ended = report.status !== 'failed'
      await progress.end(ended)
      return await show(report, invocation, (performance.now() - started) / 1000)
    } finally {
      if (!ended) await progress.end(false)
    }
  },
}

async function fixOptions({ operands, values, terminal, signal }: Invocation) {
  const { cacheDirectory } = await import('../directories.ts')
  const { readRequest } = await import('../request-files.ts')
  const cache = cacheDirectory(terminal.environment)
  return {
    vmx: operands[0] ?? '',
    request: await readRequest(values, terminal.cwd),
    ...(values.verify === undefined ? {} : { verify: values.verify.value }),
    ...(values.force === undefined ? {} : { force: values.force.value }),
    ...(values.timeout === undefined ? {} : { timeoutSeconds: values.timeout.value }),
    ...(cache === undefined ? {} : { cacheDirectory: cache }),
    signal,
    environment: terminal.environment,
  }
}

async function show(
  report: import('../../workflow/report.ts').CloneReport,
  { values, terminal }: Invocation,
  seconds: number,
): Promise<number> {
  const { stdout, stderr, environment } = terminal
  if (values.json?.value) {
    const { jsonReport } = await import('../render/json.ts')
    stdout.write(jsonReport([report], { applied: !values['dry-run']?.value, seconds }))
    return report.error?.exit ?? 0
  }
  const { lookOf } = await import('../render/paint.ts')
  const { renderReport } = await import('../render/report.ts')
  const diff = values.diff?.value ?? false
  if (report.error === undefined) {
    stdout.write(renderReport(report, { diff }, lookOf(stdout, environment)))
    return 0
  }
  const { renderError } = await import('../render/error.ts')
  const { renderNotices } = await import('../render/notices.ts')
  stderr.write(renderError(report.error, terminal, values.verbose?.value ?? false))
  const notices = renderNotices(report.notices, lookOf(stderr, environment))
  if (notices.length > 0 && !values.quiet?.value) stderr.write(`${notices.join('\n')}\n`)
  return report.error.exit
}
