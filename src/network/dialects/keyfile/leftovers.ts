import type { IniDocument } from '../../../formats/ini-document.ts'
import type { Notice } from '../../../notices.ts'
import type { NicAddressing } from '../../model.ts'
import { type KeptRoute, strandedRoutes } from '../../stranded-routes.ts'
import { addressLines } from './addresses.ts'
import { IPV4 } from './document.ts'
import { ipv4Of, ipv6Of } from './read.ts'
import { routeLines } from './routes.ts'

/** What stays in a profile although the clone has it from its template. */
export function leftovers(
  path: string,
  before: IniDocument,
  after: IniDocument,
  want: NicAddressing,
): Notice[] {
  const further = ipv4Of(after)?.method === 'static' ? addressLines(after, IPV4).slice(1) : []
  const extra = want.ipv4 ? further : []
  const six = want.ipv4 && !want.ipv6 ? ipv6Of(before) : undefined
  return [
    ...extra.map(({ address, prefix }) => ({
      code: 'extra-address-kept' as const,
      message: `${path} keeps its further address ${address}/${prefix}.`,
      hint: 'Take it out of the clone if the template goes on using it.',
    })),
    ...strandedRoutes(path, routesOf(after), addressLines(after, IPV4), want),
    ...(six
      ? [
          {
            code: 'ipv6-kept' as const,
            message: `${path} keeps the IPv6 address ${six.address}/${six.prefix}.`,
            hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
          },
        ]
      : []),
  ]
}

/** Not those whose options say that the hop is on the link. */
function routesOf(document: IniDocument): KeptRoute[] {
  return routeLines(document, IPV4).filter(({ onLink }) => !onLink)
}
