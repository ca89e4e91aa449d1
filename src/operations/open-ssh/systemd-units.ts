import type { GuestNode, GuestRead, GuestTree } from '../../guest/tree.ts'
import { isEnabled, maskOf } from '../../network/services.ts'
import type { Change } from '../../transaction/change.ts'
import { type Purpose, removal } from '../edit.ts'
import type { Survey } from '../survey.ts'
import { hasSystemd } from '../systemd.ts'

const PLACES = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']
const SERVICES = ['ssh.service', 'sshd.service']
const SOCKET = 'ssh.socket'
/** From this release on, Ubuntu has systemd listen in the server's place. */
const SOCKET_SINCE = 22.1

/** What Ubuntu 22.10 to 23.10 made of another Port when the socket took over. */
const SOCKET_PARTS = `/etc/systemd/system/${SOCKET}.d/*.conf`

/** Units of the SSH server, and what is said of them beside. */
export const UNIT_READS: readonly GuestRead[] = [
  SOCKET_PARTS,
  ...PLACES.flatMap((place) => [
    ...SERVICES.flatMap((unit) => [`${place}/${unit}`, `${place}/${unit}.d/*.conf`]),
    { path: `${place}/${SOCKET}`, attributes: true } as const,
  ]),
]

/** The server's unit as systemd reads it: what stands beside it follows, by name, the guest's own in place of the vendor's. */
export function serviceText(tree: GuestTree): string {
  const file = serviceFile(tree)
  if (file === undefined) return ''
  const parts = new Map<string, GuestNode>()
  for (const place of PLACES.toReversed())
    for (const part of SERVICES.flatMap((unit) => tree.glob(`${place}/${unit}.d/*.conf`)))
      parts.set(nameOf(part.path), part)
  const sorted = [...parts].sort(([one], [other]) => (one < other ? -1 : 1))
  return [file, ...sorted.map(([, part]) => part)].map(({ path }) => tree.text(path) ?? '').join('\n')
}

/** Ports that systemd listens on in the server's place by files of the guest's own; undefined if none says so. */
export function socketPorts(tree: GuestTree): number[] | undefined {
  if (!isEnabled(tree, SOCKET)) return undefined
  const text = tree.glob(SOCKET_PARTS).map(({ path }) => tree.text(path) ?? '')
  const values = text.flatMap((one) => [
    ...one.matchAll(/^[ \t]*ListenStream[ \t]*=(?:.*:)?(\d+)[ \t\r]*$/gm),
  ])
  return values.length === 0 ? undefined : [...new Set(values.map(([, port]) => Number(port)))]
}

/** What starts the server's unit at boot, and the masks that are taken away for it; undefined if systemd has none to start. */
export function startUnit(
  { os, tree }: Survey['guest'],
  ports: readonly number[],
  purpose: Purpose,
): { readonly changes: Change[]; readonly masks: string[] } | undefined {
  if (!hasSystemd(tree)) return undefined
  const usual = ports.length === 1 && ports[0] === 22
  const listens = os.id === 'ubuntu' && Number(os.versionId) >= SOCKET_SINCE && usual && unitAt(tree, SOCKET)
  const file = listens || serviceFile(tree)
  if (!file) return undefined
  const unit = listens ? SOCKET : nameOf(file.path)
  // What the socket starts must not be masked either.
  const masks = [unit, ...(listens ? ['ssh.service'] : [])].flatMap((one) => maskOf(tree, one) ?? [])
  const unmasked = masks.map((mask) => removal(mask, purpose))
  const target = file.path
  const path = `/etc/systemd/system/${listens ? 'sockets' : 'multi-user'}.target.wants/${unit}`
  const link: Change = { at: 'guest', kind: 'link', path, target, ...purpose }
  return {
    changes: isEnabled(tree.with(unmasked), unit) ? unmasked : [...unmasked, link],
    masks: masks.map((mask) => mask.path),
  }
}

function serviceFile(tree: GuestTree): GuestNode | undefined {
  return SERVICES.flatMap((unit) => unitAt(tree, unit) ?? []).at(0)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The file of a unit, aliases followed; a mask is none. */
function unitAt(tree: GuestTree, unit: string): GuestNode | undefined {
  return PLACES.flatMap((place) => tree.file(`${place}/${unit}`) ?? []).at(0)
}
