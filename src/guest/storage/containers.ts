import type { Session } from '../session.ts'
import type { StorageId } from '../storage-id.ts'
import type { FoundStorage } from './facts.ts'
import { filesystemOf } from './mount.ts'
import { mapperName, parseStack, rowsUnder, STACK_SCRIPT, type Stack } from './stack.ts'

/** A device that the guest uses, and what for: a mount point, or "swap". */
interface Use {
  readonly device: string
  readonly as: string
}

/** These ids, those of LUKS headers with what is known of them. Programs run in the appliance only if there are any. */
export async function withContainers(
  session: Session,
  ids: readonly StorageId[],
  found: FoundStorage,
): Promise<StorageId[]> {
  if (!ids.some(isLuks)) return [...ids]
  const { output } = await session.attempt('debug', 'sh', STACK_SCRIPT)
  const stack = parseStack(output.toString('latin1'))
  const uses = usesOf(ids, found)
  return ids.map((id) => {
    if (!isLuks(id)) return id
    const name = mapperName(id.device)
    const obstacle = !found.unlocked.includes(id.device)
      ? 'it is locked, and so what is in it would keep its ids: give its key'
      : stack.rows.some((row) => row.name === name)
        ? undefined
        : 'nothing is known of what stands in it'
    const carries = carriedBy(name, uses, stack)
    return { ...id, carries, ...(obstacle === undefined ? {} : { obstacle }) }
  })
}

function isLuks({ format }: StorageId): boolean {
  return format === 'crypto_LUKS'
}

function usesOf(ids: readonly StorageId[], { mounts }: FoundStorage): Use[] {
  const boot = filesystemOf('/boot/', mounts)
  return [
    ...mounts.map(({ device, mountpoint }) => ({ device, as: mountpoint })),
    ...(boot === undefined ? [] : [{ device: boot.device, as: '/boot' }]),
    ...ids.filter(({ bearer }) => bearer === 'swap').map(({ device }) => ({ device, as: 'swap' })),
  ]
}

function carriedBy(name: string, uses: readonly Use[], stack: Stack): string[] {
  const carried = uses.filter(({ device }) => rowsUnder(device, stack).some((row) => row.name === name))
  return [...new Set(carried.map(({ as }) => as))]
}
