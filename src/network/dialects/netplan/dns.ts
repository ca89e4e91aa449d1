import type { NicAddressing } from '../../model.ts'
import { sameList } from '../../resolv-conf.ts'
import { itemsOf, partsWith, textsOf } from './definitions.ts'
import type { Draft } from './draft.ts'
import { mainPart } from './profiles.ts'
import { dropPassed } from './routes.ts'

const BEFORE = ['match', 'set-name', 'dhcp4', 'dhcp6', 'addresses', 'gateway4', 'gateway6', 'routes']

/** Sets name servers and search domains; a list that is as wanted keeps its bytes. */
export function editDns(draft: Draft, key: string, { dns, search }: NicAddressing): void {
  if (dns) setList(draft, key, 'addresses', dns)
  if (search) setList(draft, key, 'search', search)
  if (dns) dropPassed(draft, key, /^ipv[46]\.dns$/)
  if (search) dropPassed(draft, key, /^ipv[46]\.dns-search$/)
}

function setList(draft: Draft, key: string, name: string, wanted: readonly string[]): void {
  const keys = ['nameservers', name]
  const definition = draft.find(key)
  if (sameList(textsOf(definition, ...keys), wanted)) return
  const [first, ...others] = partsWith(definition, keys)
  for (const part of others) draft.remove(part, keys)
  if (!first || wanted.length === 0) {
    if (first) draft.remove(first, keys)
    else if (wanted.length > 0) addList(draft, key, name, wanted)
    return
  }
  const own = itemsOf({ ...definition, parts: [first] }, ...keys)
  wanted.forEach((text, index) => {
    if (own.length === 0 && index === 0) draft.set(first, keys, wanted)
    else if (own[index]) draft.set(first, [...keys, index], text)
    else if (own.length > 0) draft.insert(first, keys, index, text)
  })
  for (let index = own.length - 1; index >= wanted.length; index--) draft.remove(first, [...keys, index])
}

function addList(draft: Draft, key: string, name: string, wanted: readonly string[]): void {
  const definition = draft.find(key)
  const beside = partsWith(definition, ['nameservers'])[0]
  if (beside) draft.set(beside, ['nameservers', name], wanted)
  else draft.set(mainPart(definition), ['nameservers'], new Map([[name, wanted]]), BEFORE)
}
