import type { BatchClone } from '../../../workflow/batch/types.ts'
import type { CardNic } from '../../../workflow/report.ts'

/** The columns of a batch's table of identities, in their order. */
export const COLUMNS = {
  name: 'Name',
  address: 'Address',
  mac: 'MAC',
  hostname: 'Host name',
  uuid: 'UUID',
  machineId: 'Machine ID',
  written: 'Written',
} as const

export type ColumnName = keyof typeof COLUMNS

/** Texts of one row; what is not known is empty. */
export type Cells = Readonly<Record<ColumnName, string>>

/** Rows of the table for one clone: one for each network card, whose address and MAC are all that the further ones have. */
export function cellsOf(clone: BatchClone): [Cells, ...Cells[]] {
  const { name, identity } = clone
  const [first, ...others] = identity?.nics ?? []
  const none = { name: '', hostname: '', uuid: '', machineId: '', written: '' }
  return [
    {
      name,
      ...nicCells(first),
      hostname: identity?.hostname ?? '',
      uuid: identity?.uuid ?? '',
      machineId: identity?.machineId ?? '',
      written: writtenOf(clone),
    },
    ...others.map((nic) => ({ ...none, ...nicCells(nic) })),
  ]
}

function nicCells(nic: CardNic | undefined): Pick<Cells, 'address' | 'mac'> {
  if (nic === undefined) return { address: '', mac: '' }
  return {
    address: [nic.ipv4, nic.ipv6].filter((one) => one !== undefined).join(' '),
    mac: nic.mac ?? 'at power-on',
  }
}

/** False of a column in which nothing stands, or the same as in the name's. */
export function isWorthIt(name: ColumnName, rows: readonly Cells[]): boolean {
  if (name === 'hostname') return rows.some((cells) => cells.hostname !== '' && cells.hostname !== cells.name)
  return rows.some((cells) => cells[name] !== '')
}

/** How a clone came to be what it is: "stamped, read back". */
export function writtenOf({ status, how, readBack, kept }: BatchClone): string {
  if (kept) return 'kept'
  if (status !== 'fixed') return status
  return `${how ?? 'done'}${readBack ? ', read back' : ''}`
}

/** "564d…2233", for where the whole has no room. */
export function shortened(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`
}
