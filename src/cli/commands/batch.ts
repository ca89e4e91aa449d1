import { asVmcloneError, type VmcloneError } from '../../errors/index.ts'
import type { EventSink } from '../../events.ts'
import type { BatchEngine, BatchOptions, BatchReport } from '../../workflow/batch/types.ts'
import type { Command, Invocation } from '../command.ts'
import { OPTIONS, type OptionName } from '../options/table.ts'
import type { Progress } from '../progress/index.ts'
import type { Terminal } from '../terminal.ts'

/** What a batch is made and shown by; each is loaded when it is needed. */
export interface BatchParts {
  engine(): Promise<BatchEngine>
  output(): Promise<{
    digesting(values: Invocation['values'], rows: number): Promise<NonNullable<BatchOptions['digest']>>
    showBatch(report: BatchReport, invocation: Invocation, page?: string): Promise<number>
  }>
  progress(): Promise<{
    startBatchProgress(options: {
      readonly terminal: Terminal
      readonly quiet: boolean
      readonly verbose: boolean
      readonly total: number
    }): Promise<Progress>
  }>
  events(): Promise<{ openEvents(file: string, terminal: Terminal): EventsFile }>
}

interface EventsFile {
  readonly onEvent: EventSink
  end(ending: { exit: number; report?: BatchReport; error?: VmcloneError }): void
}

const NOT_HERE: readonly OptionName[] = ['name', 'old-mac']

/** Makes and fixes the clones of a table. */
export function batchCommand(parts: BatchParts): Command {
  return {
    name: 'batch',
    summary: 'make and fix all clones of a table',
    description: [
      'Makes a clone of the template for each row of a CSV table, and gives it an identity of its own. Everything is checked before anything is written, and all faults are told together.',
      'The first line of the table names its columns: name (needed), ip, prefix, netmask, gateway, dns, search, ip6, gateway6, dhcp, profile, hostname, mac, uuid, machine-id, ssh-keys, hosts; nic1.ip, nic1.mac and so on for further network cards; and vmx, the path of a clone that exists already and is fixed in place. A cell means what the option of that name means and goes before it; an empty cell leaves it to the option. Lists in a cell are separated by ";" or blanks. What a spreadsheet exports will do. "-" reads the table from standard input.',
    ].join('\n'),
    operand: 'clones.csv',
    operandIs: 'file',
    options: (Object.keys(OPTIONS) as OptionName[]).filter((name) => !NOT_HERE.includes(name)),
    examples: [
      {
        line: 'vmclone-fix batch nodes.csv --template base/base.vmx --to vms --clone linked',
        says: 'nodes.csv: a line "name,ip", then a line such as "node1,192.168.8.11" for each clone',
      },
      {
        line: 'vmclone-fix batch nodes.csv --template base/base.vmx --to vms --gateway 192.168.8.2 --dry-run',
        says: 'checks every row and shows the plan; the gateway is that of all rows which have none',
      },
      {
        line: 'vmclone-fix batch nodes.csv --template base/base.vmx --to vms --resume',
        says: 'does what an interrupted run, or one with failures, left undone',
      },
    ],
    run: (invocation) => runBatch(invocation, parts),
  }
}

async function runBatch(invocation: Invocation, parts: BatchParts): Promise<number> {
  const { operands, values, terminal } = invocation
  const { openTable } = await import('../table/source.ts')
  const { batchOptions } = await import('../batch-options.ts')
  const { checkOutputs } = await import('../output-files.ts')
  const { writeHostsOut } = await import('../hosts-out.ts')
  const { allFaults, inTable } = await import('../table/faults.ts')
  const { tuneForMany } = await import('../v8-flags.ts')
  const table = await openTable(operands[0] ?? '', values, terminal.cwd)
  const options = batchOptions(invocation, table)
  if (table.faults.length > 0) throw await allFaults(table, options)
  await checkOutputs(values, terminal.cwd)
  tuneForMany(options.rows.length)
  const { events: log, 'hosts-out': out } = values
  const events = log === undefined ? undefined : (await parts.events()).openEvents(log.value, terminal)
  try {
    const report = await work(invocation, parts, { options, log: events?.onEvent })
    const shown = await (await parts.output()).showBatch(report, invocation, values.report?.value)
    const written =
      out === undefined || values['dry-run']?.value || (await writeHostsOut(out, terminal, report))
    const exit = written ? shown : shown || 4
    events?.end({ exit, report })
    return exit
  } catch (thrown) {
    const error = inTable(table, asVmcloneError(thrown))
    events?.end({ exit: error.exit, error })
    throw error
  }
}

async function work(
  invocation: Invocation,
  parts: BatchParts,
  { options, log }: { options: BatchOptions; log: EventSink | undefined },
): Promise<BatchReport> {
  const { values, terminal } = invocation
  const { asking } = await import('../run-options.ts')
  const { startBatchProgress } = await parts.progress()
  const progress = await startBatchProgress({
    terminal,
    quiet: values.quiet?.value ?? false,
    verbose: values.verbose?.value ?? false,
    total: options.rows.length,
  })
  let well = false
  try {
    const onEvent: EventSink = (event) => {
      progress.onEvent(event)
      log?.(event)
    }
    const { batch, planBatch } = await parts.engine()
    const { digesting } = await parts.output()
    const digest = await digesting(values, options.rows.length)
    const all = { ...options, ...asking(invocation, progress), onEvent, digest }
    const report = await (values['dry-run']?.value ? planBatch(all) : batch(all))
    well = report.clones.every(({ status }) => status !== 'failed')
    return report
  } finally {
    await progress.end(well)
  }
}
