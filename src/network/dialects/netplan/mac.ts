import type { Notice } from '../../../notices.ts'
import type { MacChange } from '../../model.ts'
import { type Definition, PASSTHROUGH, partsWith, passedThrough, scalarOf } from './definitions.ts'
import type { Draft } from './draft.ts'
import { ethernetsBelow, keyOf } from './profiles.ts'

/** Names that the kernel's own rules give by the adapter's place: they do not depend on its address. */
const BY_PLACE = /^en(s|o|p\d+s|P\d+p\d+s)\d+/

/** A new MAC in the place of the old one wherever the files name it, and no override of this interface that outdoes it. */
export function editMac(draft: Draft, key: string, mac: MacChange): Notice[] {
  const { to } = mac
  const old = oldOnes(mac)
  if (old.length === 0) return []
  const notices = editOld(draft, mac)
  const target = draft.find(key)
  const below = ethernetsBelow(draft.definitions(), target)
  for (const one of [target, ...below]) {
    const override = scalarOf(one, 'macaddress')?.toLowerCase()
    // One of several ports may be that of another adapter: without an override each has its own address.
    const own = one === target || below.length === 1 || old.includes(override ?? '')
    if (override?.includes(':') && override !== to) setAll(draft, one, ['macaddress'], own ? to : undefined)
    for (const [name, passed] of passedThrough(one))
      if (old.includes(passed.toLowerCase())) setAll(draft, one, [...PASSTHROUGH, name], to)
  }
  return notices
}

/** A new MAC in the place of the old one wherever an interface is found by it, or has it in place of its own. */
export function editOld(draft: Draft, mac: MacChange): Notice[] {
  const { to } = mac
  const old = oldOnes(mac)
  const having = (...keys: string[]) =>
    draft.definitions().filter((one) => old.includes(scalarOf(one, ...keys)?.toLowerCase() ?? ''))
  for (const one of having('macaddress')) setAll(draft, one, ['macaddress'], to)
  return having('match', 'macaddress')
    .filter(({ type }) => type === 'ethernets')
    .flatMap((one) =>
      to === undefined ? unpin(draft, one) : setAll(draft, one, ['match', 'macaddress'], to),
    )
}

function oldOnes({ from, to }: MacChange): string[] {
  return from.filter((mac) => mac !== to)
}

function setAll(
  draft: Draft,
  definition: Definition,
  keys: readonly string[],
  to: string | undefined,
): Notice[] {
  for (const part of partsWith(draft.find(keyOf(definition)), keys))
    if (to === undefined) draft.remove(part, keys)
    else draft.set(part, keys, to)
  return []
}

/** Lets a definition find its interface by name, where the name does not come from the address itself. */
function unpin(draft: Draft, definition: Definition): Notice[] {
  const { id } = definition
  const name = scalarOf(definition, 'set-name')
  const matched = scalarOf(definition, 'match', 'name')
  if (matched === undefined && (name === undefined || !BY_PLACE.test(name))) return [left(definition)]
  setAll(draft, definition, ['match', 'macaddress'], undefined)
  if (matched !== undefined || name === undefined) return []
  const rest = draft.find(keyOf(definition))
  const other = rest.parts.some(({ value }) => value.has('match'))
  if (other) return []
  for (const part of partsWith(rest, ['set-name'])) {
    if (name !== id) draft.set(part, ['match', 'name'], name, ['set-name'])
    draft.remove(part, ['set-name'])
  }
  return []
}

function left({ id }: Definition): Notice {
  return {
    code: 'mac-pin-left',
    message: `netplan finds "${id}" by the old MAC address, and the new one is not known before power-on.`,
    hint: 'Use --mac new, which writes the new address there, or match the interface by its name in the template.',
  }
}
