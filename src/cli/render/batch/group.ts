import type { VmcloneError } from '../../../errors/index.ts'
import type { Notice } from '../../../notices.ts'
import type { BatchReport } from '../../../workflow/batch/types.ts'

/** What several clones have in common to say: one code with one hint. */
export interface Group {
  readonly code: string
  readonly hint: string | undefined
  /** Each sentence once, with the names of the clones that it is about; none if it is about the batch. */
  readonly messages: readonly { readonly message: string; readonly clones: readonly string[] }[]
}

/** The notices of the batch, then those of its clones, in the order in which they first came. */
export function groupNotices({ notices, clones }: BatchReport): Group[] {
  return grouped([
    ...notices.map((notice) => [notice, []] as const),
    ...clones.flatMap(({ name, notices: own }) => own.map((notice) => [notice, [name]] as const)),
  ])
}

/** Why clones failed. */
export function groupErrors({ clones }: Pick<BatchReport, 'clones'>): Group[] {
  return grouped(clones.flatMap(({ name, error }) => (error === undefined ? [] : [[error, [name]] as const])))
}

function grouped(all: readonly (readonly [Notice | VmcloneError, readonly string[]])[]): Group[] {
  const groups = new Map<
    string,
    { code: string; hint: string | undefined; messages: Map<string, string[]> }
  >()
  for (const [{ code, message, hint }, names] of all) {
    const key = JSON.stringify([code, hint])
    const group = groups.get(key) ?? { code, hint, messages: new Map<string, string[]>() }
    groups.set(key, group)
    const clones = group.messages.get(message) ?? []
    group.messages.set(message, clones)
    clones.push(...names)
  }
  return [...groups.values()].map(({ code, hint, messages }) => ({
    code,
    hint,
    messages: [...messages].map(([message, clones]) => ({ message, clones })),
  }))
}

/** "node1, node2, node3 and 297 more" */
export function namesOf(clones: readonly string[], most: number): string {
  if (clones.length <= most + 1) return clones.join(', ')
  return `${clones.slice(0, most).join(', ')} and ${clones.length - most} more`
}
