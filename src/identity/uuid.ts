import { v4 } from 'uuid'
import { VmcloneError } from '../errors/index.ts'
import type { Draw } from './draw.ts'

/** Canonical text (8-4-4-4-12, lower case) of a UUID with or without dashes, braces, or as uuid.bios has it. Throws BAD_UUID. */
export function parseUuid(text: string): string {
  const digits = text
    .trim()
    .replace(/^urn:uuid:/i, '')
    .replace(/^\{(.*)\}$/, '$1')
  const uuid = /^[0-9a-f]{2}([ -]?[0-9a-f]{2}){15}$/i.test(digits) ? uuidFromBios(digits) : undefined
  if (uuid === undefined) throw new VmcloneError('BAD_UUID', `${JSON.stringify(text)} is not a UUID`)
  return uuid
}

/** The sixteen bytes of a UUID in canonical text, in the order of the text. */
export function uuidBytes(canonical: string): Uint8Array {
  return new Uint8Array(Buffer.from(canonical.replaceAll('-', ''), 'hex'))
}

/** 8-4-4-4-12, lower case; the bytes in the order of the .vmx. */
export function formatUuid(bytes: Uint8Array): string {
  return dashed(hex(bytes))
}

/** As uuid.bios has it: "56 4d ef 2d 3f d4 14 e2-2e 04 c5 34 3a ec ee 65". */
export function formatVmxUuid(bytes: Uint8Array): string {
  const pairs = hex(bytes).match(/../g) ?? []
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`
}

/** Canonical text of a uuid.bios value; undefined if it is empty or no UUID. */
export function uuidFromBios(value: string | undefined): string | undefined {
  const digits = (value ?? '').replace(/[\s-]/g, '')
  return /^[0-9a-f]{32}$/i.test(digits) ? dashed(digits.toLowerCase()) : undefined
}

/** A BIOS UUID as a VMware host makes one: 56 4d ("VM") and 14 random bytes. Canonical text, not in `avoid`. */
export function drawBiosUuid(draw: Draw, avoid: ReadonlySet<string> = new Set()): string {
  for (;;) {
    const uuid = dashed(`564d${hex(draw.bytes(14))}`)
    if (!avoid.has(uuid)) return uuid
  }
}

/** A machine-id: a version 4 UUID as 32 lower-case hex digits, as systemd makes it. */
export function drawMachineId(draw: Draw): string {
  return v4({ random: draw.bytes(16) }).replaceAll('-', '')
}

/**
 * What a Linux guest reads from /sys/class/dmi/id/product_uuid. From hardware version 13 on VMware shows SMBIOS 2.6,
 * whose first three fields are little-endian.
 */
export function productUuid(canonical: string, hardwareVersion: number): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, ...rest] = uuidBytes(canonical)
  return hardwareVersion < 13 ? canonical : formatUuid(Uint8Array.of(d, c, b, a, f, e, h, g, ...rest))
}

/** What a guest reads as its DMI serial number, at every hardware version. */
export function productSerial(canonical: string): string {
  return `VMware-${formatVmxUuid(uuidBytes(canonical))}`
}

function dashed(digits: string): string {
  const [a, b, c, d] = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)]
  return `${a}-${b}-${c}-${d}-${digits.slice(20)}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
