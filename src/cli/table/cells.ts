import type { NicPart } from '../options/nic.ts'
import { NIC_PARTS } from '../options/nic.ts'
import { PARSERS } from '../options/parse.ts'
import { toSwitch } from '../options/parsers.ts'
import type { OptionName } from '../options/table.ts'

/** In a cell, lists are separated as a spreadsheet's user would: by semicolons, blanks, line breaks or commas. */
const SEPARATORS = /[;,\s]+/

/** The value of an option by a cell. Throws VmcloneError as its parser does. */
export function readOptionCell(option: OptionName, text: string): unknown {
  if (option === 'hosts') return entriesOf(text).flatMap((entry) => PARSERS.hosts(entry))
  if (option === 'dns' || option === 'search') return PARSERS[option](listOf(text).join(','))
  return PARSERS[option](text)
}

/** The part of a card by a cell. Throws VmcloneError. */
export function readNicCell(part: string, text: string): NicPart {
  if (part === 'dhcp') return toSwitch(text) ? { dhcp: true } : {}
  const read = NIC_PARTS[part] as (text: string) => NicPart
  return read(part === 'dns' || part === 'search' ? listOf(text).join(';') : text)
}

function listOf(text: string): string[] {
  return text.split(SEPARATORS).filter((part) => part !== '')
}

function entriesOf(text: string): string[] {
  return text.split(/[;\n]/).filter((entry) => entry.trim() !== '')
}
