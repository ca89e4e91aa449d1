import { randomBytes } from 'node:crypto'
import { launch } from '../../src/guest/launch.ts'
import { overwriteCommands } from '../../src/guest/overwrite.ts'
import type { Command } from '../../src/guest/quote.ts'
import type { Session } from '../../src/guest/session.ts'
import { diskName } from '../../src/guest/storage/disk-name.ts'
import { nameInAppliance } from '../../src/guest/storage/ids.ts'
import { filesystemOf, mountStorage } from '../../src/guest/storage/mount.ts'
import { findStampable, type Stampable } from '../../src/guest/storage/stampable.ts'
import { applyChanges } from '../../src/guest/writer.ts'
import { moldContent, type VaryingFile } from '../../src/machine/stamp/content.ts'
import { locate } from '../../src/machine/stamp/locate.ts'
import type { Located } from '../../src/machine/stamp/place.ts'
import type { Image } from '../../src/machine/stamp/spans.ts'
import type { Change } from '../../src/transaction/change.ts'
import { type MoldPlan, moldPlan } from '../../src/workflow/batch/shape.ts'
import type { StampCase } from './stamp-cases.ts'

/** What becomes of a mold. */
export interface Mold {
  readonly images: readonly Image[]
  readonly stampable: readonly Stampable[]
  readonly first: Located
  /** With the places of a second round. */
  readonly located: Located
  /** What its files hold at the end, and what some held before. */
  readonly contents: ReadonlyMap<string, Uint8Array>
  readonly earlier: readonly Uint8Array[]
}

const common = { at: 'guest', operation: 'test', summary: 'test' } as const
const write = (path: string, after: Uint8Array, mode = 0o644): Change => ({
  ...common,
  kind: 'write',
  path,
  after,
  mode,
  owner: { uid: 0, gid: 0 },
})

/** One clone's plan: lengths around those of blocks, bytes of any value, a new directory, and one that goes away. */
export function planOf(clone: number): Change[] {
  const text = (length: number) => Buffer.from(`${clone}`.repeat(length))
  return [
    { ...common, kind: 'remove', path: '/var/log/old', tree: true },
    write('/etc/short', Buffer.from(`n${clone}\n`)),
    write('/etc/hostname', Buffer.from(`node${clone}\n`)),
    write('/etc/machine-id', Buffer.from(randomBytes(16).toString('hex'))),
    write('/etc/hosts', text(40_000)),
    write('/etc/new/dir/key', randomBytes(399), 0o600),
    write('/etc/exact', text(4096)),
    write('/etc/plus', text(4097)),
    write('/etc/ten', randomBytes(10_000)),
    write('/etc/same', Buffer.from('the same for all\n')),
    write('/etc/empty', new Uint8Array()),
  ]
}

export function imageOf(path: string): Image {
  return { path, format: path.endsWith('.qcow2') ? 'qcow2' : 'vmdk' }
}

/** Disks that are worked on in the appliance, and how. */
export interface Task {
  readonly disks: readonly string[]
  work(session: Session, devices: readonly string[]): Promise<unknown>
}

/** One appliance for the disks of all tasks, which are done in turn. */
export async function inAppliance(tasks: readonly Task[], readonly: boolean): Promise<void> {
  const drives = tasks.flatMap(({ disks }) => disks.map((path) => ({ ...imageOf(path), readonly })))
  const session = await launch({
    drives,
    env: { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' },
    timeoutSeconds: 900,
  })
  try {
    let used = 0
    for (const { disks, work } of tasks) {
      const devices = disks.map((_, index) => diskName(used + index))
      await work(session, devices)
      used += disks.length
    }
  } finally {
    await session.close()
  }
}

/** Makes changes as a clone of its own gets them. */
export async function edit(
  session: Session,
  one: StampCase,
  devices: readonly string[],
  changes: readonly Change[],
): Promise<void> {
  await mountStorage(session, one.mounts(devices), false)
  await applyChanges(session, changes, false)
  await session.run('umount-all')
}

/** Edits a mold and looks for its files, for those with short blocks a second time. */
export async function makeMold(
  session: Session,
  one: StampCase,
  disks: readonly string[],
  devices: readonly string[],
  plan: MoldPlan,
): Promise<Mold> {
  const mounts = one.mounts(devices)
  const stampable = await findStampable(session, mounts)
  await edit(session, one, devices, plan.changes)
  const images = disks.map(imageOf)
  const files = [...plan.contents].map(([path, content]): VaryingFile => {
    const on = filesystemOf(path, stampable)
    return { path, content, blockSize: on && 'blockSize' in on ? on.blockSize : 4096 }
  })
  const first = await locate(images, files)
  const again = first.missed.flatMap(({ path, candidates }): VaryingFile[] => {
    const file = files.find((other) => other.path === path)
    if (!file || !candidates) return []
    const content = moldContent(file.content.length, randomBytes, file.content)
    return [{ ...file, content, among: candidates }]
  })
  if (again.length > 0) {
    await mountStorage(session, mounts, false)
    await session.runAll(again.flatMap(({ path, content }) => overwriteCommands(path, content)))
    await session.run('umount-all')
  }
  const found = await locate(images, again)
  const missed = first.missed.filter(({ candidates }) => candidates === undefined)
  return {
    images,
    stampable,
    first,
    located: { places: [...first.places, ...found.places], missed: [...missed, ...found.missed] },
    contents: new Map([...plan.contents, ...again.map(({ path, content }) => [path, content] as const)]),
    earlier: again.flatMap(({ path }) => plan.contents.get(path) ?? []),
  }
}

/** Writes all that is mounted into a tar file, and checks the file systems; what the checks found wrong. */
export async function readOut(
  session: Session,
  one: StampCase,
  devices: readonly string[],
  tar: string,
): Promise<string[]> {
  const mounts = one.mounts(devices)
  await mountStorage(session, mounts, true)
  await session.run('tar-out', '/', tar, 'numericowner:true', 'xattrs:true')
  await session.run('umount-all')
  const faults: string[] = []
  for (const { type, device } of mounts) {
    const check: Command =
      type === 'xfs'
        ? ['xfs-repair', device, 'nomodify:true']
        : ['debug', 'sh', `e2fsck -fn ${await nameInAppliance(session, device)} 2>&1; echo status $?`]
    const { ok, output, error } = await session.attempt(...check)
    const clean = type === 'xfs' ? /^0\s*$/ : /status 0\s*$/
    if (!ok || !clean.test(output.toString())) faults.push(`${device}: ${error || output}`)
  }
  return faults
}

export function moldOf(plans: readonly (readonly Change[])[], paths: ReadonlySet<string>): MoldPlan {
  return moldPlan(plans[0] ?? [], paths, randomBytes)
}
