import { VmcloneError } from '../errors/index.ts'
import type { Draw } from './draw.ts'

/** Whom an Ethernet address belongs to, as VMware divides them. */
export type MacKind =
  | 'static'
  | 'generated'
  | 'vcenter'
  | 'host-adapter'
  | 'reserved'
  | 'multicast'
  | 'zero'
  | 'other'

const STATIC_PREFIX = '00:50:56:'
/** 00:50:56:00:00:00 to 00:50:56:3f:ff:ff. */
const STATIC_SIZE = 0x400000

/** An address as the model has it: lower case with colons. Takes colons, dashes, dots, or none. Throws BAD_MAC. */
export function parseMac(text: string): string {
  const compact = text.trim().toLowerCase()
  const form =
    /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$|^[0-9a-f]{12}$/
  if (!form.test(compact)) {
    throw new VmcloneError('BAD_MAC', `${JSON.stringify(text)} is not a MAC address`, {
      hint: 'Write six bytes in hex, as 00:50:56:12:34:56.',
    })
  }
  return (compact.replace(/[^0-9a-f]/g, '').match(/../g) ?? []).join(':')
}

/** `mac` in lower case with colons. */
export function macKind(mac: string): MacKind {
  const [first, fourth, fifth] = [byteAt(mac, 0), byteAt(mac, 3), byteAt(mac, 4)]
  if (mac === '00:00:00:00:00:00') return 'zero'
  if (first & 1) return 'multicast'
  if (mac.startsWith('00:0c:29:') || mac.startsWith('00:05:69:')) return 'generated'
  if (!mac.startsWith(STATIC_PREFIX)) return 'other'
  if (fourth < 0x40) return 'static'
  if (fourth >= 0x80 && fourth < 0xc0) return 'vcenter'
  return fourth === 0xc0 && fifth === 0 ? 'host-adapter' : 'reserved'
}

function byteAt(mac: string, index: number): number {
  return Number.parseInt(mac.slice(3 * index, 3 * index + 2), 16)
}

const REFUSED: Partial<Record<MacKind, string>> = {
  zero: 'is all zeros',
  multicast: 'is a multicast address, which no adapter can have',
  vcenter: 'is in the range that vCenter assigns (00:50:56:80:00:00 to 00:50:56:bf:ff:ff)',
  'host-adapter': 'is in the range of this host’s own virtual adapters (00:50:56:c0:00:xx)',
  reserved: 'is in a range that VMware reserves',
}

/**
 * Checks an address that a user wants for a NIC. `inRange` is false where VMware takes it only with
 * checkMACAddress = "FALSE". Throws BAD_MAC for one that no VM can have or that VMware gives to others.
 */
export function checkStaticMac(mac: string): { readonly inRange: boolean } {
  const kind = macKind(mac)
  const refused = REFUSED[kind]
  if (refused !== undefined) throw new VmcloneError('BAD_MAC', `${mac} ${refused}`)
  return { inRange: kind === 'static' }
}

/** A static address that is not in `avoid` (lower case with colons). Throws BAD_MAC if all of the range is taken. */
export function drawMac(draw: Draw, avoid: Pick<ReadonlySet<string>, 'has'> = new Set()): string {
  const [a = 0, b = 0, c = 0] = draw.bytes(3)
  const start = ((a & 0x3f) << 16) | (b << 8) | c
  for (let step = 0; step < STATIC_SIZE; step++) {
    const mac = STATIC_PREFIX + hexBytes((start + step) % STATIC_SIZE)
    if (!avoid.has(mac)) return mac
  }
  throw new VmcloneError('BAD_MAC', 'every address of VMware’s static range is taken')
}

/** The low 24 bits as three hex bytes with colons. */
export function hexBytes(value: number): string {
  return [16, 8, 0].map((shift) => ((value >> shift) & 0xff).toString(16).padStart(2, '0')).join(':')
}
