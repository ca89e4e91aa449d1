import { asVmcloneError, type Position, VmcloneError } from '../../errors/index.ts'

/** Where a value was given; a lower rank wins. */
export interface Source {
  /** Below 0: a table's cell, 0: command line, 1: environment, 2 and more: configuration files, the nearest first. */
  readonly rank: number
  /** "--ip", "VMCLONE_FIX_IP", "ip in vmclone-fix.ini". */
  readonly label: string
  /** In a configuration file. */
  readonly position?: Position
}

/** A fault of a value, led by the place where the value stands. Keeps code and hint of a VmcloneError. */
export function faultOf(source: Source, fault: unknown, hint?: string): VmcloneError {
  const { code, message, hint: itsHint } = describe(fault)
  const said = hint ?? itsHint
  return new VmcloneError(code, `${source.label}: ${message}`, {
    ...(said === undefined ? {} : { hint: said }),
    ...(source.position === undefined ? {} : { position: source.position }),
  })
}

function describe(fault: unknown): { code: VmcloneError['code']; message: string; hint?: string } {
  if (typeof fault === 'string') return { code: 'BAD_OPTION', message: fault }
  return asVmcloneError(fault)
}
