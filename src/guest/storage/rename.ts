import type { FoundStorage } from './facts.ts'

/** The same storage on other disks: of a copy of that VM, in the same order. Names by LVM and md stay. */
export function onOtherDisks(
  storage: FoundStorage,
  from: readonly string[],
  to: readonly string[],
): FoundStorage {
  const renamed = renamer(from, to)
  return {
    ...storage,
    mounts: storage.mounts.map((mount) => ({ ...mount, device: renamed(mount.device) })),
    devices: storage.devices.map(renamed),
    physicalVolumes: storage.physicalVolumes.map(renamed),
  }
}

/** Gives disks, partitions of them and their unlocked volumes the names that others have at the same places; other names stay. */
export function renamer(from: readonly string[], to: readonly string[]): (device: string) => string {
  return (device) => {
    const [, unlocked = '', disk, rest = ''] = /^\/dev\/(mapper\/crypt_)?([a-z]+)(\d*)$/.exec(device) ?? []
    const other = to[from.indexOf(`/dev/${disk}`)]
    return other === undefined ? device : other.replace('/dev/', `/dev/${unlocked}`) + rest
  }
}
