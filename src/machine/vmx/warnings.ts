import type { Notice } from '../../notices.ts'
import { readDisks } from './disks.ts'
import type { VmxDocument } from './document.ts'

const MACOS = /^(serialnumber|board-id|hw\.model|smbios\.(board|hw)-?\w*|efi\.nvram\.var\.(mlb|rom))$/i
const GUESTINFO =
  /^guestinfo\.(metadata|userdata|vendordata|hostname|fqdn|ipv?4?\d*|ovfenv|cloud-init\..*)(\.encoding)?$/i

/** What the user should know of a VM that may be edited all the same. */
export function machineNotices(vmx: VmxDocument): Notice[] {
  const notices: Notice[] = []
  const note = (code: Notice['code'], message: string, hint: string) => notices.push({ code, message, hint })
  const filled = (pattern: RegExp) =>
    [...new Set(vmx.keys())].filter((key) => pattern.test(key) && vmx.get(key))

  const duplicates = vmx.duplicates()
  if (duplicates.length > 0)
    note(
      'vmx-duplicate-keys',
      `The .vmx has ${duplicates.join(', ')} more than once; the first is taken`,
      'Readers differ in which one counts. Take the others out; a key that is edited loses them anyway.',
    )
  const malformed = vmx.malformedLines()
  if (malformed.length > 0)
    note(
      'vmx-malformed-lines',
      `VMware cannot read line ${malformed.join(', ')} of the .vmx; nothing in it is in force`,
      'Write such lines as key = "value".',
    )
  for (const { node, mode } of readDisks(vmx)) {
    if (/nonpersistent|undoable|append/.test(mode))
      note(
        'disk-nonpersistent',
        `${node} is ${mode}`,
        'Make it persistent if the guest is to keep what it writes.',
      )
  }
  const tracked = filled(/^((scsi|sata|nvme|ide)\d+:\d+\.)?ctkEnabled$/i).filter((key) => vmx.isTrue(key))
  if (tracked.length > 0)
    note(
      'change-tracking',
      `Changed block tracking is on (${tracked.join(', ')})`,
      'Let the next backup of this clone be a full one.',
    )
  if (vmx.isTrue('vtpm.present'))
    note('vtpm-present', 'The VM has a virtual TPM that it shares with its template', 'Replace it in VMware.')
  const macos = filled(MACOS)
  if (macos.length > 0)
    note('macos-identity', `The .vmx holds ${macos.join(', ')}`, 'Give each macOS clone values of its own.')
  const guestinfo = filled(GUESTINFO)
  if (guestinfo.length > 0)
    note(
      'guestinfo-present',
      `The .vmx hands ${guestinfo.join(', ')} to the guest`,
      'If an agent in the guest applies it, change it to the clone’s values or take it out.',
    )
  return notices
}
