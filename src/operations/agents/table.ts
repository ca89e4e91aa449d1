import type { AgentKind, ReportedAgent, ResettableAgent } from './agent.ts'
import { CLUSTERS } from './clusters.ts'
import { REPORTED } from './reported.ts'
import { RESETTABLE } from './resettable.ts'

/** A row, and what it is a row of. */
export type AgentRow = { readonly kind: AgentKind } & (
  | { readonly agent: ResettableAgent; readonly resettable: true }
  | { readonly agent: ReportedAgent; readonly resettable: false }
)

/** Every product whose state is looked for; docs/agents.md is generated from this table. */
export const AGENTS: readonly AgentRow[] = [
  ...RESETTABLE.map((agent) => ({ kind: 'agent', agent, resettable: true }) as const),
  ...REPORTED.map((agent) => ({ kind: 'agent', agent, resettable: false }) as const),
  ...CLUSTERS.map((agent) => ({ kind: 'cluster', agent, resettable: false }) as const),
]
