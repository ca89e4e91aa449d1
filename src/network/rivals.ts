import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { Evidence } from './model.ts'
import { SERVICE_READS, startsAtBoot } from './services.ts'

/** What must be read to see managers for which there is no dialect here. */
export const RIVAL_READS: readonly GuestRead[] = SERVICE_READS

const SERVICES = ['connman']

/** Network managers that start at boot and have no dialect here; they may claim the same NICs as one that has. */
export function rivals(tree: GuestTree): Evidence[] {
  const services = SERVICES.flatMap((dialect) => {
    const because = startsAtBoot(tree, dialect)
    return because === undefined ? [] : [{ dialect, because }]
  })
  const netctl = ['/etc/systemd/system/*.wants/netctl@*', '/etc/systemd/system/*.wants/netctl-*']
    .flatMap((pattern) => tree.glob(pattern))
    .slice(0, 1)
    .map(({ path }) => ({ dialect: 'netctl', because: path }))
  const netifrc = tree
    .glob('/etc/runlevels/*/net.*')
    .filter(({ path }) => !path.endsWith('/net.lo'))
    .slice(0, 1)
    .map(({ path }) => ({ dialect: 'netifrc', because: path }))
  return [...services, ...netctl, ...netifrc]
}
