import { availableParallelism, freemem } from 'node:os'

/** MiB that an appliance takes on the host, its own and qemu's. */
const APPLIANCE_MIB = 900

/** Machines in one appliance: beyond that what is saved by sharing is little, and what is lost if it dies is much. */
export const MACHINES_A_GROUP = 12

/** How many appliances run side by side, unless the user says. */
export function defaultJobs(): number {
  const memory = Math.floor(freemem() / 1024 / 1024 / APPLIANCE_MIB)
  return Math.max(1, Math.min(availableParallelism(), memory, 8))
}

/** Cuts items into groups of nearly equal size: at least one for each job if there are enough, none larger than `most`. */
export function inGroups<T>(items: readonly T[], jobs: number, most: number): T[][] {
  const count = Math.max(Math.min(jobs, items.length), Math.ceil(items.length / most))
  const groups: T[][] = Array.from({ length: count }, () => [])
  for (const [index, item] of items.entries()) groups[Math.floor((index * count) / items.length)]?.push(item)
  return groups
}

/** Does work on each item, so many at a time, in their order. Waits for all; throws what the first failure threw. */
export async function eachOf<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
        waiting.length = 0
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker))
  if (failures.length > 0) throw failures[0]
}
