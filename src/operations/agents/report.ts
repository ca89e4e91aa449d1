import type { GuestTree } from '../../guest/tree.ts'
import type { Notice } from '../../notices.ts'
import { GUEST_NAME_READS } from '../guest-name.ts'
import type { Operation } from '../operation.ts'
import { RESET_GROUP, resetName } from './reset.ts'
import { rowsIn, serverState, sharedState, stateReads } from './state.ts'
import { AGENTS, type AgentRow } from './table.ts'

export const agents: Operation = {
  name: 'agents',
  heading: 'Say which agents and clusters take the clone for its template',
  description: `Changes nothing. Says which programs hold an enrolment, a key or a place in a cluster that the template has too, and what to do about it: the files where they keep it are looked for, not the programs. The operations \`reset-…\` reset an agent, \`--enable ${RESET_GROUP}\` all of them; [Agents](agents.md) lists every one.`,
  notes:
    'An agent that keeps its state elsewhere than by default is not found. What an earlier run has reset in this VM is the clone’s own, and not reported again.',
  default: true,
  reads: [...AGENTS.flatMap(stateReads), ...GUEST_NAME_READS],
  plan(survey, identity) {
    const { tree } = survey.guest
    const notices = tree.recall(rowsIn).flatMap((row) => {
      if (row.resettable && identity.resets?.includes(resetName(row.agent))) return []
      const [path] = sharedState(row, survey, identity)
      return path === undefined ? [] : [notice(row, path, tree)]
    })
    return { changes: [], notices }
  },
}

function notice(row: AgentRow, path: string, tree: GuestTree): Notice {
  const { product, holds } = row.agent
  const message = `${path} holds ${holds} of ${product}, which the template has too`
  return row.kind === 'cluster'
    ? { code: 'cluster-member', message: `${message}; it is never touched.`, hint: hint(row, tree) }
    : { code: 'agent-found', message: `${message}.`, hint: hint(row, tree) }
}

function hint(row: AgentRow, tree: GuestTree): string {
  if (!row.resettable) return row.agent.advice
  const { agent } = row
  const server = serverState(row, tree)
  if (server !== undefined)
    return `It is not reset, because others depend on it (${server}): see to it by hand.`
  const reset = `--enable ${resetName(agent)} resets it`
  const healing = agent.heals ? `${reset}; it makes a new one when it starts.` : `${reset}.`
  return agent.advice === undefined ? healing : `${healing} Then: ${agent.advice}`
}
