import { type Definition, type Item, itemsOf, PASSTHROUGH, partsWith, passedThrough } from './definitions.ts'
import type { Draft } from './draft.ts'
import { mainPart } from './profiles.ts'
import { defaultRoutes, gatewayOf } from './read.ts'
import type { RouteStyle } from './version.ts'

const BEFORE = ['match', 'set-name', 'dhcp4', 'dhcp6', 'addresses', 'gateway4', 'gateway6']

/** Gives an interface this default route of a family and no other; undefined: none. Metric and other keys stay. */
export function setGateway(
  draft: Draft,
  key: string,
  family: 4 | 6,
  gateway: string | undefined,
  style: RouteStyle,
): void {
  const old = draft.find(key)
  if (gatewayOf(old, family) === gateway && gateway !== undefined && !isPassed(old, family)) return
  const legacy = `gateway${family}`
  const [route, ...others] = defaultRoutes(old, family)
  const kept = gateway === undefined ? undefined : route
  // From behind: an index names the same item only as long as none before it went.
  for (const item of [...others, ...(route && !kept ? [route] : [])].sort(fromBehind))
    draft.remove(item.part, ['routes', item.index])
  for (const part of partsWith(old, [legacy]))
    if (kept || gateway === undefined) draft.remove(part, [legacy])
    else draft.set(part, [legacy], gateway)
  if (gateway === undefined) return
  if (kept) {
    const before = others.filter((one) => one.part.file === kept.part.file && one.index < kept.index).length
    draft.set(kept.part, ['routes', kept.index - before, 'via'], gateway, ['to'])
  } else if (partsWith(old, [legacy]).length === 0) addRoute(draft, draft.find(key), family, gateway, style)
}

function addRoute(
  draft: Draft,
  definition: Definition,
  family: 4 | 6,
  gateway: string,
  style: RouteStyle,
): void {
  if (style === 'gateway') {
    draft.set(mainPart(definition), [`gateway${family}`], gateway, BEFORE)
    return
  }
  const zero = family === 4 ? '0.0.0.0/0' : '::/0'
  const route = new Map([
    ['to', style === 'default' ? 'default' : zero],
    ['via', gateway],
  ])
  const last = itemsOf(definition, 'routes').at(-1)
  if (last) draft.insert(last.part, ['routes'], last.index + 1, route)
  else draft.set(mainPart(definition), ['routes'], [route], BEFORE)
}

/** Items from the last to the first, so that removing one leaves the indices of the rest. */
export function fromBehind(a: Item, b: Item): number {
  return b.part.file - a.part.file || b.index - a.index
}

/** True if NetworkManager is given the gateway beside netplan's own keys. */
function isPassed(definition: Definition, family: 4 | 6): boolean {
  const passed = passedThrough(definition)
  return passed.has(`ipv${family}.gateway`) || passed.has(`ipv${family}.address1`)
}

/** Takes out what is passed through to NetworkManager and would outdo netplan's own keys. */
export function dropPassed(draft: Draft, key: string, names: RegExp): void {
  for (const part of draft.find(key).parts)
    for (const name of passedThrough({ ...draft.find(key), parts: [part] }).keys())
      if (names.test(name)) draft.remove(part, [...PASSTHROUGH, name])
}
