import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { Notice } from '../../../notices.ts'
import { connectionUuid } from '../../connection-uuid.ts'
import type { MacChange } from '../../model.ts'
import { ifcfgValue } from './files.ts'
import { type ActiveFile, portFiles } from './profiles.ts'

const REFERENCES = ['MASTER', 'BRIDGE', 'TEAM_MASTER', 'OVS_BRIDGE', 'VRF']
  .flatMap((key) => [key, `${key}_UUID`])
  .concat('PHYSDEV')

/** Files as they are to be, and what could not be done. */
export interface Repinned {
  readonly files: readonly ActiveFile[]
  readonly notices: readonly Notice[]
}

/**
 * Puts the new MAC where the old one is pinned, in every file; takes MACADDR= out of the profile's own files, for it
 * outdoes the adapter's; renews their UUIDs, and what refers to them. Without a new MAC, pins and UUIDs are taken out.
 */
export function repin(files: readonly ActiveFile[], owner: ActiveFile, mac: MacChange): Repinned {
  if (!isNew(mac)) return { files, notices: [] }
  const own = [owner, ...portFiles(owner, files)].map(({ path }) => path)
  const { files: pinned, notices } = repinHardware(files, mac)
  const freed = pinned.map((file) =>
    own.includes(file.path) && overrides(file, mac) ? remove(file, ['MACADDR']) : file,
  )
  return { files: own.reduce((next, path) => renewUuid(next, path, mac), freed), notices }
}

/** Puts the new MAC where the old one is pinned, in every file, and leaves all else. */
export function repinHardware(files: readonly ActiveFile[], mac: MacChange): Repinned {
  if (!isNew(mac)) return { files, notices: [] }
  const notices: Notice[] = []
  const pinned = files.map((file) => {
    const hwaddr = ifcfgValue(file, 'HWADDR')
    if (hwaddr === undefined || !mac.from.includes(canonical(hwaddr))) return file
    if (mac.to !== undefined) return set(file, 'HWADDR', spelled(mac.to, hwaddr))
    if (ifcfgValue(file, 'DEVICE') !== undefined || files.length === 1) return remove(file, ['HWADDR'])
    notices.push(unpinnable(file))
    return file
  })
  return { files: pinned, notices }
}

function isNew({ from, to }: MacChange): boolean {
  return from.some((old) => old !== to)
}

function overrides(file: ActiveFile, { to }: MacChange): boolean {
  const value = ifcfgValue(file, 'MACADDR') ?? ''
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(value) && canonical(value) !== to
}

function renewUuid(files: readonly ActiveFile[], path: string, mac: MacChange): ActiveFile[] {
  const file = files.find((one) => one.path === path)
  const old = file && ifcfgValue(file, 'UUID')
  if (!file || old === undefined) return [...files]
  const uuid = connectionUuid(mac, file.suffix)
  const refers = (one: ActiveFile) => REFERENCES.filter((key) => ifcfgValue(one, key) === old)
  // NetworkManager makes one of the file's path where there is none.
  if (uuid === undefined && files.some((one) => refers(one).length > 0)) return [...files]
  return files.map((one) => {
    const followed = uuid === undefined ? one : refers(one).reduce((next, key) => set(next, key, uuid), one)
    if (one.path !== path) return followed
    return uuid === undefined ? remove(followed, ['UUID']) : set(followed, 'UUID', uuid)
  })
}

function unpinnable(file: ActiveFile): Notice {
  return {
    code: 'mac-pin-left',
    message: `${file.path} finds its interface by the old MAC address alone, and the new one is not known before power-on.`,
    hint: 'Use --mac new, which writes the new address there, or add DEVICE= to the file.',
  }
}

function spelled(mac: string, like: string): string {
  const text = like.includes('-') ? mac.replaceAll(':', '-') : mac
  return /[A-F]/.test(like) || !/[a-f]/.test(like) ? text.toUpperCase() : text
}

function canonical(mac: string): string {
  return mac.toLowerCase().replaceAll('-', ':')
}

function set(file: ActiveFile, key: string, value: string): ActiveFile {
  return { ...file, document: setShellValue(file.document, key, value) }
}

function remove(file: ActiveFile, keys: readonly string[]): ActiveFile {
  return { ...file, document: removeShellKeys(file.document, keys) }
}
