import type { GuestNode, GuestRead, GuestTree } from '../../guest/tree.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Survey } from '../survey.ts'
import type { StatePath } from './agent.ts'
import { AGENTS, type AgentRow } from './table.ts'

/** Entries that a pattern names, also where a link leads to their directory; an empty file is none. */
export function entriesAt(tree: GuestTree, pattern: string): GuestNode[] {
  const wild = pattern.search(/[*?]/)
  const cut = pattern.lastIndexOf('/', wild < 0 ? pattern.length : wild)
  const directory = tree.resolve(pattern.slice(0, cut))
  if (directory === undefined || /[*?]/.test(directory)) return []
  return tree.glob(directory + pattern.slice(cut)).filter(({ kind, size }) => kind !== 'file' || size > 0)
}

function statesIn(tree: GuestTree, found: readonly StatePath[]): string[] {
  return found.flatMap((state) => {
    if (typeof state === 'string') return entriesAt(tree, state).map(({ path }) => path)
    const paths = entriesAt(tree, state.path).map(({ path }) => path)
    return paths.filter((path) => state.holding.test(tree.text(path) ?? ''))
  })
}

/** One function for each row, which lasts: what it finds is found once for all clones of a template. */
const FINDERS = new Map(
  AGENTS.map(({ agent }) => [agent.name, (tree: GuestTree) => statesIn(tree, agent.found)] as const),
)

function stateOf(tree: GuestTree, { agent }: AgentRow): string[] {
  const finder = FINDERS.get(agent.name)
  return finder === undefined ? [] : tree.recall(finder)
}

/** Rows whose state is there. */
export function rowsIn(tree: GuestTree): AgentRow[] {
  return AGENTS.filter((row) => stateOf(tree, row).length > 0)
}

/** Paths at which the state lies that a row's product shares with the template; none if it says what this clone is already. */
export function sharedState(row: AgentRow, survey: Survey, identity: Identity): string[] {
  const { tree } = survey.guest
  const paths = stateOf(tree, row)
  if (paths.length === 0 || !row.resettable) return paths
  const { reset } = row.agent
  const edit = reset.how === 'edit' ? reset.edit(survey, identity) : undefined
  if (edit === undefined) return paths
  return paths.filter((path) => {
    const text = tree.text(path)
    return text === undefined || edit(text) !== text
  })
}

/** The first path that says that others depend on the state. */
export function serverState(row: AgentRow, tree: GuestTree): string | undefined {
  const paths = row.resettable ? (row.agent.server ?? []) : []
  return paths.flatMap((path) => entriesAt(tree, path)).at(0)?.path
}

/** What must be read to find a row's state. Content only where it is looked at. */
export function stateReads(row: AgentRow): GuestRead[] {
  const read = new Set(row.resettable && row.agent.reset.how !== 'delete' ? row.agent.reset.paths : [])
  const found = row.agent.found.map((state): GuestRead => {
    if (typeof state !== 'string') return state.path
    return read.has(state) ? state : { path: state, attributes: true }
  })
  const server = row.resettable ? (row.agent.server ?? []) : []
  return [...found, ...server.map((path) => ({ path, attributes: true }) as const)]
}
