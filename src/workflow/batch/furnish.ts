import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedIdentity } from '../../identity/fixed.ts'
import { companionFiles } from '../../machine/clone/machine.ts'
import { resetsIn } from '../../operations/agents/reset.ts'
import { newIdsIn } from '../../transaction/change.ts'
import { writeRecord } from '../../transaction/record.ts'
import { withScripts } from '../scripts.ts'
import type { Shop } from './lane.ts'
import type { PlannedClone } from './planned-clone.ts'

/**
 * Puts everything but the disks into a clone's directory, which has its final name only later: .vmx, .vmxf, .vmsd, .nvram, and
 * the record by which a later run knows the clone. `final`: its final directory. Nothing is synced: these are a few KiB for the page
 * cache, and waiting for a thread to write each of them would take longer than writing them.
 */
export async function furnish(
  { template, scripts }: Pick<Shop, 'template' | 'scripts'>,
  planned: PlannedClone,
  working: string,
  final: string,
): Promise<void> {
  const { name } = planned.row
  const mode = statSync(template.vmxPath).mode & 0o777
  for (const change of planned.changes) {
    if (change.kind !== 'write' || change.at === 'guest') continue
    writeFileSync(join(working, change.path), change.after, { mode: change.at === 'vmx' ? mode : 0o644 })
  }
  for (const file of companionFiles(template, { name, directory: final }))
    writeFileSync(join(working, file.name), file.bytes, { mode: 0o644 })
  const oldKeys = planned.was.sshHostKeys.map(({ fingerprint }) => fingerprint)
  const fixed = fixedIdentity(planned.identity, {
    oldKeys,
    resets: resetsIn(planned.changes),
    storageIds: newIdsIn(planned.changes),
    card: planned.card,
  })
  await writeRecord(working, join(final, `${name}.vmx`), withScripts(fixed, scripts))
}
