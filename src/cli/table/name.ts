import { hostLabel, hostnameFault, isLocalhost } from '../../identity/hostname.ts'
import { CLONE_NAME_BYTES } from '../../machine/clone/names.ts'

/** Names that Windows has for devices. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i

/** Why a clone's directory and files cannot be called so on every host that VMware runs on; undefined if they can. */
export function nameFault(name: string): string | undefined {
  const mark = /[/\\:*?"<>|]/.exec(name)?.[0]
  if (/[\p{C}\u2028\u2029]/u.test(name)) return 'holds a character that cannot be seen'
  if (mark !== undefined) return `holds "${mark}", which no file name can have on every host`
  if (/^[.-]/.test(name)) return `begins with "${name[0]}"`
  if (name.endsWith('.')) return 'ends in a dot'
  if (DEVICES.test(name)) return 'is the name of a device on Windows'
  const bytes = Buffer.byteLength(name)
  return bytes > CLONE_NAME_BYTES ? `has ${bytes} bytes; the limit is ${CLONE_NAME_BYTES}` : undefined
}

/** The host name of a clone that is called so, if it is not told another: the name itself, or a label made of it. */
export function hostnameOfName(name: string): string | undefined {
  const plain = name.toLowerCase()
  const host = hostnameFault(plain) === undefined ? plain : hostLabel(name)
  return host === undefined || isLocalhost(host) ? undefined : host
}
