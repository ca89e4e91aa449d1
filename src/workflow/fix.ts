import { systemDraw } from '../identity/draw.ts'
import { fixedIdentity } from '../identity/fixed.ts'
import { hostVmnets } from '../network/vmnet/read.ts'
import { resetsIn } from '../operations/agents/reset.ts'
import { newIdsIn } from '../transaction/change.ts'
import { applyPlan } from './apply.ts'
import { closing } from './closing.ts'
import { makeHostKeys } from './host-keys.ts'
import { readKeys } from './keys.ts'
import { startGuest } from './open-guest.ts'
import type { FixOptions } from './options.ts'
import { prepare } from './prepare.ts'
import { propose } from './propose.ts'
import type { CloneReport } from './report.ts'
import { Run } from './run.ts'
import { pendingScripts, readScripts, scriptsIn, withScripts } from './scripts.ts'
import { surveyClone } from './survey.ts'
import { openForReading, openForWriting } from './workspace.ts'

/**
 * Plans a fix and writes nothing, not even beside the VM. The report says what `fix` would do.
 * Throws VmcloneError for everything that refuses or fails.
 */
export function planFix(options: FixOptions): Promise<CloneReport> {
  return run(new Run(options, { vmx: options.vmx }), false)
}

/**
 * Gives a powered-off clone an identity of its own: survey, plan, apply, verify; all or nothing.
 * Run again with the same request it changes nothing. Throws VmcloneError; the VM is then as it was.
 */
export function fix(options: FixOptions): Promise<CloneReport> {
  return run(new Run(options, { vmx: options.vmx }), true)
}

function run(run: Run, apply: boolean): Promise<CloneReport> {
  return run.telling(() => follow(run, apply))
}

async function follow(run: Run, apply: boolean): Promise<CloneReport> {
  const { signal } = run.options
  run.stage('check')
  const asked = await readScripts(run.options.scripts)
  const diskKeys = await readKeys(run.options.keys, run.options.askKey)
  const { machine, operations, request, hostname, fixed } = await prepare(run, apply)
  const scripts = pendingScripts(asked, fixed)
  return closing(makeHostKeys(request, { hostname, fixed, signal }), async (keys) =>
    closing(await (apply ? openForWriting(machine, signal) : openForReading(machine)), async (disks) => {
      run.stage('launch')
      return closing(await startGuest(run, disks, diskKeys), async (guest) => {
        run.stage('read')
        const survey = await surveyClone(machine, guest, await hostVmnets(), operations)
        const draw = systemDraw
        const given = { request, operations, draw, keys, ...(fixed === undefined ? {} : { fixed }) }
        const { identity, seen } = await propose(run, guest, survey, given)
        const { changes } = seen
        if (changes.length === 0 && scripts.length === 0) return run.report({ status: 'unchanged', ...seen })
        const told = { ...seen, ...scriptsIn(scripts) }
        if (!apply) return run.report({ status: 'planned', ...told })
        const oldKeys = seen.was?.sshHostKeys.map(({ fingerprint }) => fingerprint) ?? []
        await applyPlan(run, {
          machine,
          guest,
          disks,
          keys: diskKeys,
          changes,
          scripts,
          fixed: withScripts(
            fixedIdentity(
              identity,
              { oldKeys, resets: resetsIn(changes), storageIds: newIdsIn(changes), card: seen.identity },
              fixed,
            ),
            scripts,
            fixed,
          ),
        })
        return run.report({ status: 'fixed', ...told })
      })
    }),
  )
}
