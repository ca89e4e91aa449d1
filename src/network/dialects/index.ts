import type { Dialect } from '../dialect.ts'
import { connman } from './connman.ts'
import { dhcpcd } from './dhcpcd.ts'
import { ifcfg } from './ifcfg.ts'
import { ifupdown } from './ifupdown.ts'
import { keyfile } from './keyfile.ts'
import { netctl } from './netctl.ts'
import { netifrc } from './netifrc.ts'
import { netplan } from './netplan.ts'
import { networkd } from './networkd.ts'
import { rcInet1 } from './rc-inet1.ts'
import { rcLocal } from './rc-local.ts'
import { wicked } from './wicked.ts'

/** Every dialect that guests' networks are read and written in, those first that hide others; the only registration. */
export const DIALECTS: readonly Dialect[] = [
  netplan,
  keyfile,
  ifcfg,
  networkd,
  wicked,
  ifupdown,
  netctl,
  netifrc,
  rcInet1,
  rcLocal,
  dhcpcd,
  connman,
]
