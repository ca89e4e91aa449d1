import type { FoundStorage } from './facts.ts'

/** The same storage on other disks: of a copy of that VM, in the same order. Names by LVM and md stay. */
export function onOtherDisks(
  storage: FoundStorage,
  from: readonly string[],
  to: readonly string[],
): FoundStorage {
  const renamed = (device: string): string => {
    const [, disk = '', rest = ''] = /^(\/dev\/[a-z]+)(\d*)$/.exec(device) ?? []
    const at = from.indexOf(disk)
    return at < 0 ? device : `${to[at]}${rest}`
  }
  return {
    ...storage,
    mounts: storage.mounts.map((mount) => ({ ...mount, device: renamed(mount.device) })),
    physicalVolumes: storage.physicalVolumes.map(renamed),
  }
}
