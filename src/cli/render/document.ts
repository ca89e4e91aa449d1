import type { Fault, VmcloneError } from '../../errors/index.ts'

/** One JSON document, ending in a newline. */
export function print(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** The document for an error that ends the whole run. */
export function jsonError(error: VmcloneError): string {
  const notices = error.notices.map(({ code, message, hint }) => ({ code, message, hint }))
  return print({ version: 1, error: errorOf(error), notices: notices.length === 0 ? undefined : notices })
}

export function errorOf({ code, message, hint, faults }: VmcloneError): object {
  return { code, message, hint, ...(faults === undefined ? {} : { faults: faults.map(faultOf) }) }
}

function faultOf({ line, column, message, hint, text }: Fault): object {
  return { line, column, message, hint, text }
}
