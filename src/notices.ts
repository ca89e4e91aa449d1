/** What a notice is about. docs/notices.md is generated from this table. */
export const NOTICES = {
  'tcg-used':
    'KVM is absent, forbidden or broken on this host, so the appliance is emulated, which is slower.',
  recovered: 'An earlier run was interrupted; its work was finished or taken back before this one.',
  forced: 'A refusal was overridden by --force.',
  'vmx-duplicate-keys': 'The .vmx has a key more than once; the first one was taken.',
  'vmx-malformed-lines': 'The .vmx has lines that VMware cannot read; they were left as they are.',
  'disk-nonpersistent': 'A disk is not persistent: what the guest writes vanishes at power-off.',
  'change-tracking': 'Changed block tracking is on; its record does not know the offline changes.',
  'vtpm-present': 'The VM has a virtual TPM, whose keys are the template’s.',
  'macos-identity': 'The .vmx holds serial numbers of a macOS guest, which are unique per machine.',
  'guestinfo-present': 'The .vmx hands configuration to the guest, which may apply it again at boot.',
  'mac-outside-range':
    'A MAC address lies outside VMware’s static range; VMware’s check of it was switched off.',
  'mac-not-kept':
    'A generated MAC address was to be kept, but VMware makes a new one because the UUID changes.',
  'vmxf-left': 'The .vmxf is not well-formed XML and was left as it is.',
} as const satisfies Record<string, string>

/** The closed union of notice codes. */
export type NoticeCode = keyof typeof NOTICES

/** Something the user should know that stopped nothing. */
export interface Notice {
  readonly code: NoticeCode
  /** One sentence of fact. */
  readonly message: string
  /** What to do about it, if anything. */
  readonly hint?: string
}
