import type { Dialect } from '../dialect.ts'
import { ifupdown } from './ifupdown.ts'
import { netplan } from './netplan.ts'

/** Every dialect that guests' networks are read and written in; the only registration. */
export const DIALECTS: readonly Dialect[] = [netplan, ifupdown]
