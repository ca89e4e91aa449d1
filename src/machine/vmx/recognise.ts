import { VmcloneError } from '../../errors/index.ts'
import { toByteText } from '../../formats/bytes.ts'

/** Bytes; real .vmx files have a few thousand. */
const SIZE_LIMIT = 4 * 1024 * 1024

const DISKS = [/^KDMV/, /^VMDK/, /^COWD/, /^# ?Disk DescriptorFile/i]

/** Throws VMX_MALFORMED if these bytes cannot be a .vmx. */
export function checkIsVmx(bytes: Uint8Array, file: string): void {
  if (bytes.length > SIZE_LIMIT)
    throw new VmcloneError(
      'VMX_MALFORMED',
      `${file} has ${bytes.length} bytes, which is too large for a .vmx`,
    )
  const head = toByteText(bytes.subarray(0, 64))
  if (DISKS.some((disk) => disk.test(head)))
    throw new VmcloneError('VMX_MALFORMED', `${file} is a virtual disk, not a .vmx`)
  if (bytes.includes(0))
    throw new VmcloneError('VMX_MALFORMED', `${file} holds NUL bytes, so it is not a .vmx or is damaged`, {
      hint: 'If it is a .vmx, restore it from a copy: VMware keeps one as .vmx~ beside it.',
    })
}
