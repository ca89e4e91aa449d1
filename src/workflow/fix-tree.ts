import { VmcloneError } from '../errors/index.ts'
import { type DirectoryGuest, openDirectory } from '../guest/directory/directory.ts'
import { systemDraw } from '../identity/draw.ts'
import type { CloneRequest } from '../identity/request.ts'
import type { Operation } from '../operations/operation.ts'
import type { Change } from '../transaction/change.ts'
import { refuseMismatch } from './apply.ts'
import { closing } from './closing.ts'
import { makeHostKeys } from './host-keys.ts'
import type { TreeOptions } from './options.ts'
import { propose } from './propose.ts'
import type { CloneReport } from './report.ts'
import { requestedNics } from './requested-nics.ts'
import { wantedHostname } from './resolve.ts'
import { Run } from './run.ts'
import { keepingDisabled, selectOperations } from './select.ts'
import { surveyClone } from './survey.ts'

/** Plans the fix of a guest's root directory and writes nothing. Throws VmcloneError for everything that refuses or fails. */
export function planTree(options: TreeOptions): Promise<CloneReport> {
  return run(new Run<TreeOptions>(options, { root: options.root }), false)
}

/**
 * Gives the guest whose root directory this is an identity of its own: the plan of `fix`, without .vmx and appliance.
 * A failure puts back what was written. There is no record: what is not given is drawn anew in each run.
 * Throws VmcloneError.
 */
export function fixTree(options: TreeOptions): Promise<CloneReport> {
  return run(new Run<TreeOptions>(options, { root: options.root }), true)
}

async function run(run: Run<TreeOptions>, apply: boolean): Promise<CloneReport> {
  const { root, signal } = run.options
  const { operations, request } = prepareTree(run.options.request)
  return closing(await openDirectory(root), async (guest) => {
    const hostname = wantedHostname(request, undefined)?.short
    return closing(makeHostKeys(request, { hostname, fixed: undefined, signal }), async (keys) => {
      run.stage('read')
      const survey = await surveyClone(undefined, guest, [], operations)
      const { seen } = await propose(run, guest, survey, { request, operations, draw: systemDraw, keys })
      if (seen.changes.length === 0) return run.report({ status: 'unchanged', ...seen })
      if (!apply) return run.report({ status: 'planned', ...seen })
      await applyToTree(run, guest, seen.changes)
      return run.report({ status: 'fixed', ...seen })
    })
  })
}

/** The operations, and the request less what needs a .vmx and what its operations were disabled for. */
function prepareTree(asked: CloneRequest): { operations: Operation[]; request: CloneRequest } {
  if (asked.hostname === 'auto')
    throw new VmcloneError('BAD_OPTION', 'the host name auto is that of a .vmx, and a tree has none', {
      hint: 'Give --hostname NAME, or keep.',
    })
  const operations = selectOperations(asked)
  const onDisks = operations.find(({ disks }) => disks !== undefined)
  if (onDisks !== undefined)
    throw new VmcloneError('BAD_OPTION', `${onDisks.name} changes disks, and a tree has none`)
  const devices = requestedNics(asked.nics).map(({ device }) => device)
  return { operations, request: { ...keepingDisabled(asked, operations, devices), uuid: 'keep' } }
}

async function applyToTree(
  run: Run<TreeOptions>,
  guest: DirectoryGuest,
  changes: readonly Change[],
): Promise<void> {
  run.stage('write')
  await guest.write(changes)
  run.stage('verify')
  refuseMismatch(await guest.verify(changes))
  for (const path of guest.commit())
    run.note({
      code: 'file-left',
      message: `${path} was taken away, but not all of it could be deleted.`,
      hint: 'Delete what begins with .vmclone-fix- beside it.',
    })
}
