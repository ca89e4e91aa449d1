import { isMapping } from '../../../formats/yaml-spans.ts'
import type { Notice } from '../../../notices.ts'
import { parseCidr } from '../../ipv4.ts'
import type { NicAddressing } from '../../model.ts'
import { strandedRoutes } from '../../stranded-routes.ts'
import { type Definition, itemsOf, scalarOf, textsOf } from './definitions.ts'
import type { Draft } from './draft.ts'
import { addressItems, ipv4Of, ipv6Of } from './read.ts'
import { entryText, isTrue } from './values.ts'

/** What stays in the configuration although the clone has it from its template. */
export function leftovers(draft: Draft, before: Definition, key: string, want: NicAddressing): Notice[] {
  const after = draft.find(key)
  const ipv4 = ipv4Of(after)
  const further = addressItems(after, 4).slice(ipv4?.method === 'static' ? 1 : 0)
  const ipv6 = ipv6Of(before)
  return [
    ...(want.ipv4?.method === 'static' || want.ipv6 ? notSingle(after) : []),
    ...(want.ipv4 ? further : []).map(({ part, value }): Notice => {
      return {
        code: 'extra-address-kept',
        message: `${draft.files()[part.file]?.path}: ${after.id} keeps its further address ${entryText(value)}.`,
        hint: 'Take it out of the clone if the template goes on using it.',
      }
    }),
    ...routeNotices(draft, after, want),
    ...(want.ipv4 && !want.ipv6 && ipv6 ? [keptIpv6(after.id, `${ipv6.address}/${ipv6.prefix}`)] : []),
  ]
}

function routeNotices(draft: Draft, after: Definition, want: NicAddressing): Notice[] {
  const subnets = addressItems(after, 4).flatMap(({ value }) => parseCidr(entryText(value)) ?? [])
  return itemsOf(after, 'routes').flatMap(({ part, value }) => {
    if (!isMapping(value)) return []
    const [to, via, onLink] = ['to', 'via', 'on-link'].map((key) => {
      const text = value.get(key)
      return typeof text === 'string' ? text : ''
    })
    if (!to || !via || isTrue(onLink)) return []
    return strandedRoutes(draft.files()[part.file]?.path ?? '', [{ to, via }], subnets, want)
  })
}

function notSingle(definition: Definition): Notice[] {
  const name = scalarOf(definition, 'match', 'name')
  const drivers = [
    scalarOf(definition, 'match', 'driver') ?? [],
    textsOf(definition, 'match', 'driver'),
  ].flat()
  const several = name === undefined ? drivers.length > 0 : /[*?[]/.test(name)
  if (!several || scalarOf(definition, 'match', 'macaddress')) return []
  const which = name === undefined ? `of the driver ${drivers.join(', ')}` : `named ${name}`
  return [
    {
      code: 'match-not-single',
      message: `netplan's "${definition.id}" fits every interface ${which}, and each that there is takes the address.`,
      hint: 'Give each NIC a definition of its own in the template if the VM has several.',
    },
  ]
}

function keptIpv6(id: string, address: string): Notice {
  return {
    code: 'ipv6-kept',
    message: `${id} keeps the IPv6 address ${address}.`,
    hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
  }
}
