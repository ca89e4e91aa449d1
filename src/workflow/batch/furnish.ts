import { copyFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixedIdentity } from '../../identity/fixed.ts'
import { type CloneNames, cloneNames } from '../../machine/clone/names.ts'
import type { Template } from '../../machine/clone/template.ts'
import { linkedVmsd } from '../../machine/clone/vmsd.ts'
import { writeRecord } from '../../transaction/record.ts'
import type { PlannedClone } from './plan-rows.ts'

/**
 * Puts everything but the disks into a clone's directory, which has its final name only later: .vmx, .vmxf, .vmsd, .nvram, and
 * the record by which a later run knows the clone. `final`: its final directory. Nothing is synced.
 */
export async function furnish(
  template: Template,
  planned: PlannedClone,
  working: string,
  final: string,
): Promise<void> {
  const names = cloneNames(template, planned.machine.name)
  const mode = (await stat(template.vmxPath)).mode & 0o777
  for (const change of planned.changes) {
    if (change.at === 'guest' || change.kind !== 'write') continue
    await writeFile(join(working, change.path), change.after, { mode: change.at === 'vmx' ? mode : 0o644 })
  }
  await writeFile(join(working, names.vmsd), vmsdOf(template, names, final))
  if (template.nvram !== undefined) await copyFile(template.nvram, join(working, names.nvram))
  const oldKeys = planned.was.sshHostKeys.map(({ fingerprint }) => fingerprint)
  await writeRecord(working, join(final, names.vmx), fixedIdentity(planned.identity, oldKeys))
}

function vmsdOf(template: Template, names: CloneNames, final: string): Uint8Array {
  if (template.kind !== 'linked') return new Uint8Array()
  return linkedVmsd({ templateVmx: template.vmxPath, disks: names.disks.map((name) => join(final, name)) })
}
