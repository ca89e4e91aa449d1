import type { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'
import type { BlockFact, RootFact } from './facts.ts'
import { SUPPORTED } from './layout.ts'
import { mountFailure } from './mount-failure.ts'
import { tryMount } from './try-mount.ts'
import { bootedSlot, lookAtSlot, needsUsr, titleIn, type UsrFact } from './usr.ts'

const SUBVOLUMES = 40

/** The root directories of Linux systems on these devices. */
export interface RootSearch {
  readonly roots: readonly RootFact[]
  /** Why a file system could not be looked at. */
  readonly faults: readonly VmcloneError[]
}

/** Mounts each file system read-only in turn and looks for a root directory. Nothing stays mounted. */
export async function findRoots(session: Session, blocks: readonly BlockFact[]): Promise<RootSearch> {
  const roots: RootFact[] = []
  const faults: VmcloneError[] = []
  const slots: UsrFact[] = []
  for (const block of blocks) {
    const { device, type = '' } = block
    if (!SUPPORTED.includes(type) || type === 'vfat') continue
    const at = { device, type, mountpoint: '/' }
    const answer = await tryMount(session, at, ['ro'])
    if (!answer.ok) {
      faults.push(mountFailure(device, type, answer.error))
      continue
    }
    const slot = await lookAtSlot(session, block, type)
    if (slot) slots.push(slot)
    const root = slot ? undefined : await lookAt(session, block, type)
    const subvolumes = slot || root || type !== 'btrfs' ? [] : await subvolumesOf(session)
    await session.run('umount', '/')
    if (root) roots.push(root)
    for (const subvolume of subvolumes) {
      const below = await tryMount(session, at, ['ro', `subvol=${subvolume}`])
      if (!below.ok) continue
      const found = await lookAt(session, block, type, subvolume)
      await session.run('umount', '/')
      if (found) roots.push(found)
    }
  }
  return { roots: await completed(session, roots, slots), faults }
}

/** Those that need a /usr have that of the booted slot, or are none. */
async function completed(
  session: Session,
  roots: readonly RootFact[],
  slots: readonly UsrFact[],
): Promise<RootFact[]> {
  if (!roots.some(({ bare }) => bare)) return [...roots]
  const usr = await bootedSlot(session, slots)
  return roots.flatMap((root) => {
    if (!root.bare) return [root]
    return usr ? [{ ...root, title: usr.title, usr: { device: usr.device, type: usr.type } }] : []
  })
}

async function lookAt(
  session: Session,
  block: BlockFact,
  type: string,
  subvolume?: string,
): Promise<RootFact | undefined> {
  const looks = await session.send([
    ['is-dir', '/etc'],
    ['is-dir', '/usr'],
    ['is-file', '/etc/fstab', 'followsymlinks:true'],
    ['is-file', '/etc/os-release', 'followsymlinks:true'],
    ['is-file', '/etc/crypttab', 'followsymlinks:true'],
  ])
  const [etc, usr, fstab, release, crypttab] = looks.map(
    ({ ok, output }) => ok && output.toString().trim() === 'true',
  )
  const bare = !fstab && !release
  if (!etc || !usr || (bare && !needsUsr(block))) return undefined
  const text = async (there: boolean | undefined, path: string): Promise<string | undefined> => {
    const answer = there ? await session.attempt('pread', path, '65536', '0') : undefined
    return answer?.ok ? answer.output.toString('latin1') : undefined
  }
  const table = await text(fstab, '/etc/fstab')
  const os = await text(release, '/etc/os-release')
  const volumes = await text(crypttab, '/etc/crypttab')
  return {
    device: block.device,
    type,
    title: titleIn(os ?? ''),
    ...(bare ? { bare } : {}),
    ...(subvolume === undefined ? {} : { subvolume }),
    ...(table === undefined ? {} : { fstab: table }),
    ...(volumes === undefined ? {} : { crypttab: volumes }),
  }
}

/** Paths of the subvolumes of the mounted btrfs, without snapshots and what containers keep. */
async function subvolumesOf(session: Session): Promise<string[]> {
  const list = await session.run('btrfs-subvolume-list', '/')
  return (
    [...list.matchAll(/btrfssubvolume_path: (.*)/g)]
      .map(([, path]) => path as string)
      .filter(
        (path) => !/(^|[/@.])(snapshots?|timeshift)|(docker|containers|machines|portables)\//.test(path),
      )
      // Mount options are separated by commas.
      .filter((path) => !path.includes(','))
      .slice(0, SUBVOLUMES)
  )
}
