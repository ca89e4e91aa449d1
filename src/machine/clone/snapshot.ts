import type { VmxDocument } from '../vmx/document.ts'

/** A snapshot as a .vmsd lists it. */
export interface Snapshot {
  /** Number that VMware gave it, as text. */
  readonly uid: string
  /** As the user named it; empty if there is no name. */
  readonly name: string
  /** Node ("scsi0:0") to the disk that holds its state, as written: relative to the .vmx. */
  readonly disks: ReadonlyMap<string, string>
}

/**
 * The snapshot that the current state of the VM comes from (snapshot.current); undefined where there is none. Its disks
 * are written no more: what was written since is in children of them.
 */
export function currentSnapshot(vmsd: VmxDocument): Snapshot | undefined {
  const uid = vmsd.get('snapshot.current')
  if (!uid || uid === '0') return undefined
  const entry = vmsd.keys().find((key) => /^snapshot\d+\.uid$/i.test(key) && vmsd.get(key) === uid)
  if (entry === undefined) return undefined
  const prefix = entry.slice(0, entry.indexOf('.'))
  const disks = new Map<string, string>()
  for (const key of vmsd.keys()) {
    const disk = /^(snapshot\d+\.disk\d+)\.node$/i.exec(key)?.[1]
    if (disk === undefined || !disk.toLowerCase().startsWith(`${prefix.toLowerCase()}.`)) continue
    const node = vmsd.get(key)?.toLowerCase()
    const fileName = vmsd.get(`${disk}.fileName`)
    if (node && fileName) disks.set(node, fileName)
  }
  return { uid, name: vmsd.get(`${prefix}.displayName`) ?? '', disks }
}
