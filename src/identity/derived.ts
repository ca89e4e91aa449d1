import { hexBytes } from './mac.ts'

// What VMware derives from uuid.bios when it makes a VM. `uuid` is its sixteen bytes in the order of the .vmx.

/** ethernetN.generatedAddress and its offset. */
export function generatedMac(
  uuid: Uint8Array,
  nic: number,
): { readonly mac: string; readonly offset: number } {
  const offset = 10 * nic
  return { mac: `00:0c:29:${hexBytes(view(uuid).getUint32(12) + offset)}`, offset }
}

/** vmci0.id: the last four bytes as a signed decimal. */
export function vmciId(uuid: Uint8Array): string {
  return String(view(uuid).getInt32(12))
}

/** scsiN.sasWWID: NAA 5, VMware's OUI, then bytes 3 to 7; each controller is 256 further than the one before. */
export function sasWwid(uuid: Uint8Array, controller: number): string {
  const name = (0x5005056n << 36n) | (view(uuid).getBigUint64(0) & 0xf_ffff_fff0n)
  const digits = (name + BigInt(controller) * 0x100n).toString(16).padStart(16, '0')
  return (digits.match(/../g) ?? []).join(' ')
}

/** vm.genid and vm.genidX: the two halves as signed decimals. */
export function generationIds(bytes: Uint8Array): { readonly genid: string; readonly genidX: string } {
  return { genid: String(view(bytes).getBigInt64(0)), genidX: String(view(bytes).getBigInt64(8)) }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
