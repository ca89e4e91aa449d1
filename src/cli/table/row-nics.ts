import type { Fault } from '../../errors/index.ts'
import type { NicRequest } from '../../identity/request.ts'
import { nicOf } from '../options/nic.ts'
import { faultAt, type RowCells } from './row-cells.ts'

type Nic = NicRequest & { readonly device: string }

/** The cards that --nic speaks of, and those of the row, whose cells go before. What contradicts itself goes to `faults`. */
export function nicsOf(
  { nics }: RowCells,
  defaults: readonly Nic[],
  { line, faults }: { readonly line: number; readonly faults: Fault[] },
): Nic[] {
  if (nics.size === 0) return [...defaults]
  const merged = new Map(defaults.map((nic) => [nic.device, nic]))
  for (const [device, cells] of nics) {
    try {
      const own = nicOf(
        device,
        cells.map(({ part }) => part),
      )
      merged.set(device, { ...withoutRivals(merged.get(device), own), ...own })
    } catch (thrown) {
      faults.push(faultAt(line, cells[0]?.column, thrown))
    }
  }
  return [...merged.values()]
}

/** What the row's own cells put aside: an address DHCP, and DHCP an address. */
function withoutRivals(nic: Nic | undefined, own: Nic): Partial<Nic> {
  const rivals = own.dhcp ? ['ip', 'prefix', 'gateway'] : own.ip === undefined ? [] : ['dhcp']
  return Object.fromEntries(Object.entries(nic ?? {}).filter(([name]) => !rivals.includes(name)))
}
