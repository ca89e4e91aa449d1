import type { Notice } from '../notices.ts'
import { type Cidr, inSubnet, parseIpv4 } from './ipv4.ts'
import type { NicAddressing } from './model.ts'

/** A route that an edit leaves as it is. */
export interface KeptRoute {
  /** As it is written: "10.9.0.0/16". */
  readonly to: string
  readonly via: string
}

/** Notices of routes over IPv4 whose next hop lies in none of the interface's subnets; none unless a static address was asked for. */
export function strandedRoutes(
  file: string,
  routes: readonly KeptRoute[],
  subnets: readonly Cidr[],
  { ipv4 }: NicAddressing,
): Notice[] {
  if (ipv4?.method !== 'static') return []
  const lost = routes.filter(
    ({ via }) => parseIpv4(via) !== undefined && !subnets.some((subnet) => inSubnet(via, subnet)),
  )
  return lost.map(({ to, via }) => ({
    code: 'route-stranded',
    message: `${file} keeps the route to ${to} by ${via}, which no subnet of the interface holds any more.`,
    hint: 'Correct or delete the route in the clone; until then the interface may take long to come up.',
  }))
}
