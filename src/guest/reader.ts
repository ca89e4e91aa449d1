import { type FactSource, Facts } from './facts.ts'
import { matchesGlob } from './glob.ts'
import type { Session } from './session.ts'
import { CONTENT_LIMIT, type GuestNode, type GuestRead, GuestTree } from './tree.ts'

/** One step of a path: a name, a pattern of names, or everything below. */
type Step = { readonly name: string } | { readonly glob: string } | 'all'

interface Walk {
  readonly facts: FactSource
  readonly labels: boolean
  readonly nodes: Map<string, GuestNode>
}

const LINK_LIMIT = 40

/**
 * Reads a part of the guest's file system: what the patterns match, the directories on the way, and what symbolic links
 * among them lead to, in one round trip for each level of directories. Only commands that the appliance answers by itself are
 * used (milliseconds each, also when emulated): pread, where read-file and cat would stream (tenths of a second each). `labels`: SELinux labels too. Names that hold a newline are passed over.
 * Throws GUEST_TOO_LARGE, GUESTFISH_FAILED.
 */
export async function readTree(
  session: Session,
  reads: readonly GuestRead[],
  labels = true,
): Promise<GuestTree> {
  return readBy(new Facts(session), reads, labels)
}

/** The same, of whatever answers these questions. */
export async function readBy(
  facts: FactSource,
  reads: readonly GuestRead[],
  labels: boolean,
): Promise<GuestTree> {
  for (;;) {
    const nodes = new Map<string, GuestNode>()
    for (const read of reads) {
      const [path, content] = typeof read === 'string' ? [read, true] : [read.path, false]
      walk({ facts, labels, nodes }, '', stepsOf(path), content, 0)
    }
    if (!(await facts.ask())) return new GuestTree(nodes.values())
  }
}

/** Walks as far as is known; what is not known is asked for, and the walk done again. `real`: "" is the root directory. */
function walk(context: Walk, real: string, steps: readonly Step[], content: boolean, links: number): void {
  const { facts } = context
  const path = real === '' ? '/' : real
  const stat = facts.get('stat', path)
  if (!stat) return
  const [step, ...rest] = steps
  const wanted = content && step === undefined && stat.kind === 'file' && stat.size <= CONTENT_LIMIT
  const target = stat.kind === 'symlink' ? facts.get('target', path) : undefined
  const label = context.labels ? facts.get('label', path) : undefined
  const bytes = wanted ? facts.get('content', path) : undefined
  const before = context.nodes.get(path)?.content
  const held = bytes ?? before
  context.nodes.set(path, {
    path,
    ...stat,
    ...(typeof target === 'string' ? { target } : {}),
    ...(typeof label === 'string' ? { label } : {}),
    ...(held ? { content: held } : {}),
  })
  if (stat.kind === 'symlink') {
    if (typeof target !== 'string' || links >= LINK_LIMIT) return
    const from = target.startsWith('/') ? '' : parentOf(real)
    const through = target.split('/').map((name) => ({ name }))
    walk(context, from, [...through, ...steps], content, links + 1)
    return
  }
  if (step === undefined || stat.kind !== 'directory') return
  if (step === 'all') {
    for (const name of facts.get('below', path) ?? []) walk(context, `${real}/${name}`, [], content, links)
  } else if ('glob' in step) {
    for (const name of facts.get('names', path) ?? [])
      if (matchesGlob(`/${name}`, `/${step.glob}`)) walk(context, `${real}/${name}`, rest, content, links)
  } else if (step.name === '..') walk(context, parentOf(real), rest, content, links)
  else if (step.name === '' || step.name === '.') walk(context, real, rest, content, links)
  else walk(context, `${real}/${step.name}`, rest, content, links)
}

function stepsOf(pattern: string): Step[] {
  const names = pattern.split('/').filter((name) => name !== '')
  return names.map((name, index) => {
    if (name === '**' && index === names.length - 1) return 'all'
    return /[*?]/.test(name) ? { glob: name } : { name }
  })
}

function parentOf(real: string): string {
  return real.slice(0, Math.max(0, real.lastIndexOf('/')))
}
