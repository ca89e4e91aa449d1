import { createHmac } from 'node:crypto'
import { v4 } from 'uuid'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Of LVM, in which letter case counts. */
const LVM = /^[0-9a-z!#]{6}(-[0-9a-z!#]{4}){5}-[0-9a-z!#]{6}$/i
const LVM_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Of an MBR in lower case, of FAT in upper case with a dash. */
const NUMBER = /^([0-9a-f]{8}|[0-9A-F]{4}-[0-9A-F]{4})$/
/** ddb.uuid of a VMDK. */
const DISK = /^[0-9a-f]{2}( [0-9a-f]{2}){7}-[0-9a-f]{2}( [0-9a-f]{2}){7}$/i

/**
 * What takes the place of an id on a clone's disks: of the same form, the same for the same id and seed. Numbers of four bytes have no
 * zero among these. Undefined for an id of another form.
 */
export function renewedStorageId(seed: Uint8Array, id: string): string | undefined {
  if (LVM.test(id)) return renewedLvmId(seed, id)
  const bytes = drawn(seed, id)
  if (UUID.test(id)) {
    const text = v4({ random: bytes })
    return id === id.toLowerCase() ? text : text.toUpperCase()
  }
  if (!NUMBER.test(id)) return undefined
  const digits = Buffer.from(bytes.subarray(0, 4).map((byte) => byte || 1)).toString('hex')
  return id.includes('-') ? `${digits.slice(0, 4)}-${digits.slice(4)}`.toUpperCase() : digits
}

/** A ddb.uuid, "60 00 C2 95 …", in the place of another. Undefined for what is none. */
export function renewedDiskUuid(seed: Uint8Array, uuid: string): string | undefined {
  if (!DISK.test(uuid)) return undefined
  const bytes = drawn(seed, uuid)
  bytes.set([0x60, 0x00, 0xc2, 0x90 | ((bytes[3] ?? 0) & 0x0f)])
  const pairs = [...bytes].map((byte, at) => {
    const pair = byte.toString(16).padStart(2, '0')
    return at < 3 ? pair.toUpperCase() : pair
  })
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`
}

function renewedLvmId(seed: Uint8Array, id: string): string {
  const bytes = digestOf(seed, id)
  let at = 0
  return id.replace(/[^-]/g, () => LVM_DIGITS.charAt((bytes[at++] ?? 0) % LVM_DIGITS.length))
}

function drawn(seed: Uint8Array, id: string): Uint8Array {
  return new Uint8Array(digestOf(seed, id.toLowerCase()).subarray(0, 16))
}

function digestOf(seed: Uint8Array, id: string): Buffer {
  return createHmac('sha256', seed).update(`vmclone-fix storage\n${id}`).digest()
}
