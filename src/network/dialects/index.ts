import type { Dialect } from '../dialect.ts'
import { dhcpcd } from './dhcpcd.ts'
import { ifcfg } from './ifcfg.ts'
import { ifupdown } from './ifupdown.ts'
import { keyfile } from './keyfile.ts'
import { netplan } from './netplan.ts'
import { networkd } from './networkd.ts'
import { wicked } from './wicked.ts'

/** Every dialect that guests' networks are read and written in, those first that hide others; the only registration. */
export const DIALECTS: readonly Dialect[] = [netplan, keyfile, ifcfg, networkd, wicked, ifupdown, dhcpcd]
