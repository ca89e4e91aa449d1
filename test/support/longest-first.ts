import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes more than a minute, the longest first, by the end of its path. */
const LONGEST = [
  'e2e/stacks.test.ts',
  'guest/storage.real.test.ts',
  'guest/shared.real.test.ts',
  'e2e/batch.test.ts',
  'e2e/boot.test.ts',
  'e2e/batch-layouts.test.ts',
  'e2e/layouts.test.ts',
  'guest/group-ids.real.test.ts',
  'e2e/open-ssh.test.ts',
  'transaction/kill.real.test.ts',
  'guest/disk-server.real.test.ts',
  'workflow/scripts.real.test.ts',
  'e2e/storage-uuids.test.ts',
  'e2e/kill.test.ts',
  'e2e/storage-uuids-lvm.test.ts',
  'workflow/layout-templates.real.test.ts',
  'e2e/batch-kill.test.ts',
  'e2e/storage-uuids-batch.test.ts',
  'machine/stamp/stamp.real.test.ts',
  'guest/storage-ids.real.test.ts',
  'e2e/rerun.test.ts',
  'workflow/batch/read-back.real.test.ts',
  'e2e/batch-faults.test.ts',
  'network/dialects/networkd.real.test.ts',
  'operations/open-ssh/firewalls.real.test.ts',
  'e2e/customise.test.ts',
  'guest/flatcar.real.test.ts',
  'cli/tree.real.test.ts',
  'e2e/manifest.test.ts',
]

/**
 * Starts the longest files first: one that starts last runs on alone while the other cores idle. vitest itself goes by what it
 * remembers of earlier runs, which a fresh clone has not, and else by the files' sizes.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}`))
      return at < 0 ? LONGEST.length : at
    }
    return (await super.sort(files)).toSorted(
      (a, b) => a.project.name.localeCompare(b.project.name) || rank(a) - rank(b),
    )
  }
}
