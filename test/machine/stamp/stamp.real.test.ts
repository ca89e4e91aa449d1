import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { launch } from '../../../src/guest/launch.ts'
import { overwriteCommands } from '../../../src/guest/overwrite.ts'
import type { Session } from '../../../src/guest/session.ts'
import { filesystemOf, mountStorage } from '../../../src/guest/storage/mount.ts'
import { findStampable, type Stampable } from '../../../src/guest/storage/stampable.ts'
import { applyChanges } from '../../../src/guest/writer.ts'
import { moldContent, type VaryingFile } from '../../../src/machine/stamp/content.ts'
import { locate } from '../../../src/machine/stamp/locate.ts'
import { type Located, translate } from '../../../src/machine/stamp/place.ts'
import type { Image } from '../../../src/machine/stamp/spans.ts'
import { stamp } from '../../../src/machine/stamp/stamp.ts'
import type { Change } from '../../../src/transaction/change.ts'
import { moldPlan, ownContents, shapeOf, varying } from '../../../src/workflow/batch/shape.ts'
import { buildLayouts } from '../../support/layouts.ts'
import { differences, directoryHashes } from '../../support/manifest.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { imagesOver, REFUSED, STAMPED, type StampCase } from '../../support/stamp-cases.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const directory = realpathSync(scratchDirectory())
const CASES = [...STAMPED, ...REFUSED]

const write = (path: string, after: Uint8Array, mode = 0o644): Change => {
  const common = { at: 'guest', kind: 'write', operation: 'test', summary: 'test' } as const
  return { ...common, path, after, mode, owner: { uid: 0, gid: 0 } }
}
const remove = (path: string): Change => {
  const common = { at: 'guest', kind: 'remove', operation: 'test', summary: 'test' } as const
  return { ...common, path, tree: true }
}

/** One clone's plan; NULs and all bytes but in the names. */
function planOf(clone: number): Change[] {
  const text = (length: number) => Buffer.from(`${clone}`.repeat(length).slice(0, length))
  return [
    remove('/var/log/old'),
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

const plans = [1, 2].map(planOf)
const paths = varying(plans)

interface Made {
  readonly images: readonly Image[]
  readonly stampable: readonly Stampable[]
  readonly first: Located
  /** With the places of a second round. */
  readonly located: Located
  /** Random contents that the mold held at any time. */
  readonly contents: ReadonlyMap<string, Uint8Array>[]
}

const made = new Map<string, Made>()
let raws: Map<string, readonly string[]>

const imageOf = (path: string): Image => ({ path, format: path.endsWith('.qcow2') ? 'qcow2' : 'vmdk' })
const drive = (path: string, readonly: boolean) => ({ path, format: imageOf(path).format, readonly })
const deviceNames = (count: number, from: number) =>
  Array.from({ length: count }, (_, index) => `/dev/sd${String.fromCharCode(97 + from + index)}`)

/** Opens one appliance for the disks of all of these, and does the same with each. */
async function withDisks<Item extends { readonly one: StampCase; readonly disks: readonly string[] }>(
  items: readonly Item[],
  readonly: boolean,
  work: (session: Session, item: Item, devices: readonly string[]) => Promise<void>,
): Promise<void> {
  const all = items.flatMap(({ disks }) => disks)
  const session = await launch({ drives: all.map((path) => drive(path, readonly)), env })
  try {
    console.log('launched', Date.now())
    let used = 0
    for (const item of items) {
      await work(session, item, deviceNames(item.disks.length, used))
      used += item.disks.length
    }
  } finally {
    await session.close()
  }
}

/** Edits a mold in the appliance and looks for its files, twice if some are too short. */
async function makeMold(
  session: Session,
  one: StampCase,
  disks: readonly string[],
  devices: readonly string[],
) {
  const mounts = one.mounts(devices)
  const stampable = await findStampable(session, mounts)
  console.log(one.name, Date.now())
  const mold = moldPlan(plans[0] as Change[], paths, randomBytes)
  await mountStorage(session, mounts, false)
  await applyChanges(session, mold.changes, false)
  await session.run('umount-all')
  console.log('edited', Date.now())
  const images = disks.map(imageOf)
  const files = [...mold.contents].map(([path, content]): VaryingFile => {
    const on = filesystemOf(path, stampable)
    return { path, content, blockSize: on && 'blockSize' in on ? on.blockSize : 4096 }
  })
  const first = await locate(images, files)
  const again = first.missed.flatMap(({ path, candidates }): VaryingFile[] => {
    const file = files.find((other) => other.path === path)
    if (!file || !candidates) return []
    return [
      { ...file, content: moldContent(file.content.length, randomBytes, file.content), among: candidates },
    ]
  })
  console.log('first', Date.now())
  const second = new Map(again.map(({ path, content }) => [path, content]))
  if (again.length > 0) {
    await mountStorage(session, mounts, false)
    await session.runAll(again.flatMap(({ path, content }) => overwriteCommands(path, content)))
    await session.run('umount-all')
  }
  const found = await locate(images, again)
  const missed = first.missed.filter(({ candidates }) => candidates === undefined)
  const located = { places: [...first.places, ...found.places], missed: [...missed, ...found.missed] }
  made.set(one.name, { images, stampable, first, located, contents: [mold.contents, second] })
}

beforeAll(async () => {
  const t0 = Date.now(); const lap = (w: string) => console.log(w, Date.now() - t0)
  raws = await buildLayouts(directory, CASES)
  lap('built')
  const molds = []
  for (const one of CASES)
    molds.push({ one, disks: await imagesOver(one, raws.get(one.name) ?? [], directory, 'mold') })
  await withDisks(molds, false, (session, { one, disks }, devices) => makeMold(session, one, disks, devices))
}, 900_000)

const of = (name: string): Made => made.get(name) as Made

test('plans of clones have one shape, and differ in what they should', () => {
  expect(new Set(plans.map(shapeOf)).size).toBe(1)
  expect([...paths]).toEqual(
    ['exact', 'hostname', 'hosts', 'machine-id', 'new/dir/key', 'plus', 'short', 'ten'].map(
      (name) => `/etc/${name}`,
    ),
  )
})

describe('where stamping is sound', () => {
  test.each(STAMPED.map(({ name }) => name))('all files are found on %s', (name) => {
    const { stampable, first, located } = of(name)
    expect(stampable.filter((one) => 'reason' in one)).toEqual([])
    expect(stampable.map((one) => 'blockSize' in one && one.blockSize)).toEqual(
      { 'ext4-1k': [1024], lvm: [4096, 1024] }[name] ?? [4096],
    )
    console.log(
      name,
      first.missed.map(({ path, reason, candidates }) => [path, reason, candidates?.map((c) => c.length)]),
      located.missed,
    )
    expect(first.missed.map(({ path }) => path)).toEqual(expect.arrayContaining(['/etc/plus']))
    expect(located.missed).toEqual([])
    expect(located.places.map(({ path }) => path).sort()).toEqual([...paths])
  })
})
