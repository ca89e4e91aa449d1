import { VmcloneError } from '../../../errors/index.ts'
import { joinLines, type Line, splitLines } from '../../../formats/lines.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { broadcastOf, type Cidr } from '../../ipv4.ts'
import type { NicAddressing } from '../../model.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { extraAddress, keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { ipCommands } from './commands.ts'
import { addressesOf, ipv4Of, ipv6Of, RC_LOCAL, readProfiles, routesOf } from './profiles.ts'

/** The changes that give an interface's commands their addresses. Throws NETWORK_UNSUPPORTED. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, operation } = edit
  if (!Object.values(want).some((part) => part !== undefined)) return { changes: [], notices: [] }
  const { name } = profile
  const text = tree.text(RC_LOCAL) ?? ''
  const alone = readProfiles(tree).length === 1
  refuseUnsure(text, name, want, alone)
  let lines: Line[] = splitLines(text)
  if (want.ipv4?.method === 'static') lines = editFamily(lines, name, alone, 4, want.ipv4)
  if (want.ipv6) lines = editFamily(lines, name, alone, 6, want.ipv6)
  const purpose = { operation, summary: addressingSummary(name, want) }
  const resolv = want.dns || want.search ? resolvConfChange(tree, want, operation) : []
  return {
    changes: [...textChange(tree, RC_LOCAL, joinLines(lines), purpose), ...resolv],
    notices: leftovers(text, name, want, alone),
  }
}

function editFamily(
  before: readonly Line[],
  name: string,
  alone: boolean,
  family: 4 | 6,
  want: Cidr & { readonly gateway?: string },
): Line[] {
  const lines = [...before]
  const commands = ipCommands(joinLines(before))
  const [own] = addressesOf(commands, name, family)
  const text = `${want.address}/${want.prefix}`
  const at = own?.index ?? addressesOf(commands, name, 4)[0]?.index ?? lines.length - 1
  const here = lines[at] as Line
  if (own && !(own.cidr?.address === want.address && own.cidr.prefix === want.prefix))
    lines[at] = { ...here, text: withAddress(here.text, want, family) }
  const [route, ...more] = routesOf(commands, name, family, alone)
  const gone = new Set(
    (want.gateway === undefined && route ? [route, ...more] : more).map(({ index }) => index),
  )
  if (route && want.gateway !== undefined && route.gateway !== want.gateway) {
    const line = lines[route.index] as Line
    lines[route.index] = {
      ...line,
      text: line.text.replace(/(\bvia\s+)\S+/, (_, via: string) => via + want.gateway),
    }
  }
  const ip = `${/^\s*/.exec(here.text)?.[0] ?? ''}ip ${family === 6 ? '-6 ' : ''}`
  const added = [
    ...(own ? [] : [`${ip}addr add ${text} dev ${name}`]),
    ...(route || want.gateway === undefined
      ? []
      : [`${ip}route add default via ${want.gateway} dev ${name}`]),
  ]
  const end = here.end || '\n'
  if (added.length > 0) lines[at] = { ...(lines[at] as Line), end }
  return lines.flatMap((line, i) => [
    ...(gone.has(i) ? [] : [line]),
    ...(i === at ? added.map((one) => ({ text: one, end })) : []),
  ])
}

/** The command with another address; a broadcast address written out follows. */
function withAddress(line: string, want: Cidr, family: 4 | 6): string {
  const old = family === 4 ? /\d{1,3}(?:\.\d{1,3}){3}\/[\d.]+/ : /[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\/\d+/
  const addressed = line.replace(old, `${want.address}/${want.prefix}`)
  if (family === 6) return addressed
  return addressed.replace(/(\b(?:brd|broadcast)\s+)\d[\d.]+/, (_, key: string) => key + broadcastOf(want))
}

function refuseUnsure(text: string, name: string, want: NicAddressing, alone: boolean): void {
  const refuse = (why: string, hint: string, line?: number): never => {
    const at = line === undefined ? RC_LOCAL : `${RC_LOCAL}:${line}`
    const place = line === undefined ? {} : { position: { file: RC_LOCAL, line } }
    throw new VmcloneError('NETWORK_UNSUPPORTED', `${at}: ${why}`, { hint, ...place })
  }
  if (want.ipv4?.method === 'dhcp')
    refuse(
      'a script sets the address, and no DHCP client starts for it',
      'Enable dhcpcd in the template in its place, or give --ip.',
    )
  const commands = ipCommands(text)
  const touched = [4, 6].flatMap((family) => [
    ...addressesOf(commands, name, family as 4 | 6),
    ...routesOf(commands, name, family as 4 | 6, alone),
  ])
  const unsure = touched.find(({ conditional }) => conditional)
  if (unsure)
    refuse(
      'shell code decides whether the command runs',
      'Write it on a line of its own in the template.',
      unsure.index + 1,
    )
}

function leftovers(text: string, name: string, { ipv4, ipv6 }: NicAddressing, alone: boolean): Notice[] {
  if (!ipv4) return []
  const commands = ipCommands(text)
  const now = ipv4Of(commands, name, alone)
  const old = now?.method === 'static' ? now : undefined
  const own6 = ipv6Of(commands, name, alone)
  const [, ...further] = addressesOf(commands, name, 4)
  const known = commands.map(({ index }) => index)
  return [
    ...further.flatMap(({ index, cidr }) =>
      cidr ? [extraAddress(`${RC_LOCAL}:${index + 1}`, name, `${cidr.address}/${cidr.prefix}`)] : [],
    ),
    ...(own6 && !ipv6 ? [keptIpv6(RC_LOCAL, name, own6)] : []),
    ...splitLines(text).flatMap((line, i) => {
      const stale =
        known.includes(i) || /^\s*#/.test(line.text) ? undefined : staleAddress(line.text, old, ipv4)
      return stale === undefined ? [] : [oldValueLeft(`${RC_LOCAL}:${i + 1}`, stale)]
    }),
  ]
}
