/** What a notice is about. docs/notices.md is generated from this table. */
export const NOTICES = {
  'tcg-used':
    'KVM is absent, forbidden or broken on this host, so the appliance is emulated, which is slower.',
  recovered: 'An earlier run was interrupted; its work was finished or taken back before this one.',
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
