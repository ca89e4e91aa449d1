import { expect } from 'vitest'
import type { GuestTree } from '../../src/guest/tree.ts'
import type { Dialect } from '../../src/network/dialect.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'
import type { MachineFileChange } from '../../src/transaction/change.ts'

/** The profile of this name; the only one without. */
export function profileIn(dialect: Dialect, tree: GuestTree, name?: string): Profile {
  const profiles = dialect.profiles(tree)
  const found = profiles.filter((one) => name === undefined || one.name === name)
  if (!found[0] || found.length > 1)
    throw new Error(`${name ?? 'one profile'} of ${profiles.map((one) => one.name)}`)
  return found[0]
}

export interface Options {
  readonly mac?: MacChange
  readonly name?: string
  /** Its name afterwards, where the edit gives it another. */
  readonly newName?: string
}

/** Edits a profile; editing it again must change nothing, and every new file must have mode, owner and label. */
export function runDialect(
  dialect: Dialect,
  tree: GuestTree,
  addressing: NicAddressing,
  options: Options = {},
) {
  const { mac = { from: [] }, name, newName = name } = options
  const edit = { addressing, mac, operation: 'network' }
  const planned = dialect.edit(tree, { ...edit, profile: profileIn(dialect, tree, name) })
  let now = tree
  for (const change of planned.changes) {
    const before = now.entry(change.path)
    now = now.with([change])
    if (before?.kind === 'directory') expect(change).toMatchObject({ kind: 'remove', tree: true })
    else if (before) expect((change as MachineFileChange).before).toEqual(before.content)
    else if (change.kind === 'write')
      expect(change).toMatchObject({ mode: expect.any(Number), owner: { uid: 0, gid: 0 } })
  }
  const after = tree.with(planned.changes)
  const profile = profileIn(dialect, after, newName)
  expect(dialect.edit(after, { ...edit, profile }).changes).toEqual([])
  return {
    ...planned,
    after,
    profile,
    now: profile.now,
    codes: planned.notices.map(({ code }) => code),
    text: (path: string) => after.text(path),
  }
}

/** Paths that differ. */
export function changedPaths(before: GuestTree, after: GuestTree): string[] {
  const paths = new Set([...before.nodes(), ...after.nodes()].map(({ path }) => path))
  return [...paths].filter((path) => before.text(path) !== after.text(path)).sort()
}
