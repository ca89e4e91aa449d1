import type { GuestNode, GuestTree } from '../../guest/tree.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import { type Purpose, removal, replaceContent, rewrite, secret } from '../edit.ts'
import { GUEST_NAME_READS } from '../guest-name.ts'
import { NOTHING, type Operation } from '../operation.ts'
import type { Survey } from '../survey.ts'
import type { ResettableAgent } from './agent.ts'
import { entriesAt, serverState, sharedState, stateReads } from './state.ts'
import { AGENTS, type AgentRow } from './table.ts'

/** What --enable names to have all of them. */
export const RESET_GROUP = 'reset-agents'

/** The operation that resets an agent. */
export function resetName({ name }: ResettableAgent): string {
  return `reset-${name}`
}

/** One operation for each agent that may be reset. */
export const RESETS: readonly Operation[] = AGENTS.flatMap((row) =>
  row.resettable ? [resetting(row, row.agent)] : [],
)

/** The resets among these changes' operations. */
export function resetsIn(changes: readonly Change[]): string[] {
  const names = new Set(changes.flatMap(({ operation }) => operation.split(', ')))
  return RESETS.map(({ name }) => name).filter((name) => names.has(name))
}

function resetting(row: AgentRow, agent: ResettableAgent): Operation {
  const { product, holds, reset } = agent
  const name = resetName(agent)
  return {
    name,
    group: RESET_GROUP,
    heading: `Reset ${product}`,
    description: `${resetText(agent)}.`,
    default: false,
    reads: [
      ...stateReads(row),
      ...(reset.how === 'delete' ? reset.paths.map((path) => ({ path, attributes: true }) as const) : []),
      ...(reset.how === 'edit' ? GUEST_NAME_READS : []),
    ],
    plan(survey, identity) {
      if (identity.resets?.includes(name)) return NOTHING
      if (serverState(row, survey.guest.tree) !== undefined) return NOTHING
      if (sharedState(row, survey, identity).length === 0) return NOTHING
      const done = { delete: 'deleted', empty: 'emptied', edit: 'replaced' }[reset.how]
      const changes = changesOf(agent, survey, identity, {
        operation: name,
        summary: `${product}: ${holds} ${done}`,
      })
      return { changes, notices: changes.length === 0 ? [] : told(agent) }
    },
  }
}

/** Keys may lie in all of it but in what is edited. */
function changesOf(
  { reset }: ResettableAgent,
  survey: Survey,
  identity: Identity,
  purpose: Purpose,
): Change[] {
  const { tree } = survey.guest
  const nodes = nodesAt(tree, reset.paths)
  if (reset.how === 'delete') {
    const kept = new Set(nodesAt(tree, reset.except ?? []).map(({ path }) => path))
    return nodes.filter(({ path }) => !kept.has(path)).map((node) => secret(removal(node, purpose)))
  }
  if (reset.how === 'empty') {
    const files = nodes.flatMap(({ path }) => tree.file(path) ?? []).filter(({ content }) => content)
    return files.map((file) => secret(replaceContent(file, new Uint8Array(), purpose)))
  }
  const edit = reset.edit(survey, identity)
  return edit === undefined ? [] : nodes.flatMap(({ path }) => rewrite(tree, path, purpose, edit))
}

function nodesAt(tree: GuestTree, patterns: readonly string[]): GuestNode[] {
  const nodes = new Map(patterns.flatMap((path) => entriesAt(tree, path)).map((node) => [node.path, node]))
  return [...nodes.values()]
}

function told({ product, holds, advice }: ResettableAgent): Notice[] {
  if (advice === undefined) return []
  return [
    { code: 'agent-reset', message: `${product} was reset: ${holds} of the template is gone.`, hint: advice },
  ]
}

/** "Deletes `/a`, `/b`", for the docs. */
export function resetText({ reset }: ResettableAgent): string {
  const paths = reset.paths.map((path) => `\`${path}\``).join(', ')
  if (reset.how === 'edit') return `Writes ${reset.says} to ${paths}`
  const except = reset.how === 'delete' ? (reset.except ?? []) : []
  const less = except.length === 0 ? '' : `, but not ${except.map((path) => `\`${path}\``).join(', ')}`
  return `${reset.how === 'delete' ? 'Deletes' : 'Empties'} ${paths}${less}`
}
