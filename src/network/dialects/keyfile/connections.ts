import { type IniDocument, KEY_FILE, parseIni } from '../../../formats/ini-document.ts'
import type { GuestRead, GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import { CONNECTION, plainText, valueIn } from './document.ts'

export const PROFILES = '/etc/NetworkManager/system-connections'
const VENDOR = '/usr/lib/NetworkManager/system-connections'

export const CONNECTION_READS: readonly GuestRead[] = [`${PROFILES}/*`, `${VENDOR}/*`]

/** One connection profile that NetworkManager loads. */
export interface Connection {
  readonly path: string
  readonly document: IniDocument
  /** Name that the user knows it by. */
  readonly id: string
  readonly uuid?: string
  /** "ethernet", "bond", …; the older "802-3-ethernet" is "ethernet" here. */
  readonly type: string
  readonly interfaceName?: string
  /** True below /usr, where no file is changed. */
  readonly vendor: boolean
}

interface Connections {
  readonly connections: readonly Connection[]
  readonly ignored: readonly Notice[]
}

/** The profiles that NetworkManager loads, /etc first, and what it passes over although it looks like one. */
export function readConnections(tree: GuestTree): Connections {
  return tree.recall(readAll)
}

function readAll(tree: GuestTree): Connections {
  const connections: Connection[] = []
  const ignored: Notice[] = []
  for (const directory of [PROFILES, VENDOR]) {
    for (const { path } of tree.glob(`${directory}/*`)) {
      const vendor = directory === VENDOR
      const node = tree.file(path)
      if (!node?.content || !isProfileName(path, vendor)) continue
      const connection = readConnection(node.path, tree.text(path) ?? '', vendor)
      if (!connection || (vendor && isShadowed(tree, connection, connections))) continue
      if (vendor || ((node.mode & 0o077) === 0 && node.uid === 0)) connections.push(connection)
      else ignored.push(insecure(path, node.mode, node.uid))
    }
  }
  return { connections, ignored }
}

/** A profile from its text; undefined if GLib would refuse the file, or it is no connection. */
export function readConnection(path: string, text: string, vendor = false): Connection | undefined {
  const document = parseIni(text, KEY_FILE)
  const first = document.lines.findIndex(({ kind }) => kind === 'section')
  const broken = document.lines.some(
    ({ kind }, line) => kind === 'other' || (kind === 'entry' && line < first),
  )
  const type = valueIn(document, CONNECTION, 'type')
  if (broken || type === undefined) return undefined
  const base = path.slice(path.lastIndexOf('/') + 1)
  const uuid = valueIn(document, CONNECTION, 'uuid')
  const interfaceName = valueIn(document, CONNECTION, 'interface-name')
  return {
    path,
    document,
    id: plainText(valueIn(document, CONNECTION, 'id') ?? base.replace(/\.nmconnection$/, '')),
    type: type === '802-3-ethernet' ? 'ethernet' : type,
    vendor,
    ...(uuid ? { uuid } : {}),
    ...(interfaceName ? { interfaceName } : {}),
  }
}

/** NetworkManager passes over hidden files, editors' leftovers and certificates; below /usr it wants the suffix. */
function isProfileName(path: string, vendor: boolean): boolean {
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (vendor) return base.endsWith('.nmconnection')
  return !/^\.|~$|\.[A-Za-z0-9]{6}$|\.(pem|der|nmmeta)$/.test(base)
}

function isShadowed(tree: GuestTree, { uuid }: Connection, above: readonly Connection[]): boolean {
  if (uuid === undefined) return false
  return above.some((one) => one.uuid === uuid) || tree.entry(`${PROFILES}/${uuid}.nmmeta`) !== undefined
}

function insecure(path: string, mode: number, uid: number): Notice {
  const why = uid === 0 ? `its mode is ${mode.toString(8).padStart(4, '0')}` : `it belongs to user ${uid}`
  return {
    code: 'profile-ignored',
    message: `NetworkManager passes over ${path}: ${why}.`,
    hint: 'Make it root’s own with mode 0600 in the template if it is to be in force.',
  }
}
