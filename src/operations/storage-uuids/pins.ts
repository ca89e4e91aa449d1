import type { StorageId } from '../../guest/storage-id.ts'
import type { GuestNode, GuestTree } from '../../guest/tree.ts'
import { BUILT_IN, EFI_STUBS, filesLedTo, UNIFIED_KERNELS } from './files.ts'
import { luksPins } from './luks-pins.ts'
import { lvmPins } from './lvm-pins.ts'
import { idsIn } from './mentions.ts'

/** File systems whose UUID can be set. */
const SETTABLE = /^(ext[234]|xfs|btrfs|vfat)$/
/** Blkid's names of containers, and what they are called. */
const CONTAINERS: Readonly<Record<string, string>> = {
  linux_raid_member: 'the RAID member',
}

/** Why an id must stay, or cannot be set; undefined if it can be replaced. */
export type Pins = (id: StorageId) => string | undefined

/** Which ids of these the guest could not boot without, or cannot be given. */
export function pinsOf(tree: GuestTree, ids: readonly StorageId[]): Pins {
  const [kernel] = filesLedTo(tree, UNIFIED_KERNELS)
  const idsOf = ({ path }: GuestNode): Set<string> => idsIn(tree.text(path) ?? '')
  const stubs = new Set(filesLedTo(tree, [EFI_STUBS]).flatMap((stub) => [...idsOf(stub)]))
  const builtIn = new Map(
    filesLedTo(tree, BUILT_IN).flatMap((file) =>
      [...idsOf(file)]
        .filter((id) => !(/-efi\/load\.cfg$/.test(file.path) && stubs.has(id)))
        .map((id) => [id, file.path] as const),
    ),
  )
  const luks = luksPins(tree)
  const lvm = lvmPins(tree)
  const fat = new Set(ids.filter(({ format }) => format === 'vfat').map(({ device }) => device))
  const pinOf: Pins = (given) => {
    const { device, bearer, format, id } = given
    if (kernel !== undefined) return `the unified kernel ${kernel.path} carries its own command line`
    const path = builtIn.get(id.toLowerCase())
    if (path !== undefined) return `the boot loader has ${path} built in`
    if (bearer === 'partition' && fat.has(device))
      return 'the firmware finds its boot loader by the GUID of the EFI system partition'
    if (format === 'crypto_LUKS') return luks(given)
    if (bearer === 'volume-group' || format === 'LVM2_member') return lvm(given)
    if (bearer === 'container') return `${CONTAINERS[format] ?? format} there is not changed`
    if (bearer === 'filesystem' && !SETTABLE.test(format)) return `${format} cannot be given another`
    return undefined
  }
  return (given) => {
    if (given.group === undefined) return pinOf(given)
    const reasons = ids.filter(({ group }) => group === given.group).map(pinOf)
    return reasons.find((reason) => reason !== undefined)
  }
}
