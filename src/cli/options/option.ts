/** The headings of --help and docs/options.md, in their order. */
export const GROUPS = [
  'The clones',
  'Address',
  'Identity',
  'Several network cards',
  'Names of other machines',
  'What is done',
  'How it is shown',
] as const

/** One option. Command line, --help, environment, configuration file and docs/options.md all come from it. */
export interface Option {
  /** What stands for the value in help; absent: a switch. */
  readonly value?: string
  /** A value, where what stands for it does not show how it is written. */
  readonly example?: string
  /** One letter. */
  readonly short?: string
  /** May be given several times. */
  readonly repeat?: true
  /** A switch that is on unless it is switched off: help shows its --no- form, and the description says what that does. */
  readonly on?: true
  readonly group: (typeof GROUPS)[number]
  /** One phrase without a full stop. */
  readonly description: string
  /** What happens without it, as a phrase. */
  readonly default?: string
  /** True if a configuration file in the VM's own directory may set it: whoever made the VM wrote that file. */
  readonly byVm?: true
}

/** "dry-run" as "--dry-run"; a switch that is on by default as "--no-stamp". */
export function flagOf(name: string, { on }: Option): string {
  return on ? `--no-${name}` : `--${name}`
}

/** "dry-run" as VMCLONE_FIX_DRY_RUN. */
export function variableOf(name: string): string {
  return `VMCLONE_FIX_${name.toUpperCase().replaceAll('-', '_')}`
}
