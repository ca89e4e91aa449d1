import { randomUUID } from 'node:crypto'
import type { SharedAppliance } from '../../guest/shared.ts'
import { systemDraw } from '../../identity/draw.ts'
import { type Candidates, moldContent, type VaryingFile } from '../../machine/stamp/content.ts'
import { type Located, locate } from '../../machine/stamp/locate.ts'
import { type Place, translate } from '../../machine/stamp/place.ts'
import type { Change, WriteChange } from '../../transaction/change.ts'
import { refuseMismatch } from '../apply.ts'
import { copyWork, type FinishedDisks, finishDisks, type WorkDisks } from './disks.ts'
import type { Shop } from './lane.ts'

/** A clone whose varying files hold random bytes, from which all clones of its shape are stamped. */
export interface Mold {
  readonly disks: FinishedDisks
  readonly places: readonly Place[]
}

/** What a mold is made of. */
export interface MoldGround {
  readonly appliance: SharedAppliance
  /** The mold's disks, which are the appliance's first machine. */
  readonly work: WorkDisks
  /** Block size of the file system that a path lies on; undefined where it cannot be stamped. */
  readonly blockSizeOf: (path: string) => number | undefined
}

/** Why no mold can be made for a shape. */
export interface NoMold {
  readonly reason: string
}

/**
 * Edits the mold for a shape, given by the changes of one of its clones: its varying files get random bytes, all else what it is
 * to be. The mold is a copy of the edited disks in their final form. Throws what guest and disks throw.
 */
export async function makeMold(
  shop: Shop,
  ground: MoldGround,
  changes: readonly Change[],
  varying: ReadonlySet<string>,
): Promise<Mold | NoMold> {
  const guest = changes.filter(({ at }) => at === 'guest')
  const files = guest.filter(
    (change): change is WriteChange => change.kind === 'write' && varying.has(change.path),
  )
  const unsound = files.find(({ path }) => ground.blockSizeOf(path) === undefined)
  if (unsound) return { reason: `${unsound.path} lies on a file system that cannot be stamped` }
  const random = new Map(files.map(({ path, after }) => [path, moldContent(after.length, draw)]))
  await edit(ground, guest, random)
  const directory = await shop.places.working(`mold-${randomUUID()}`)
  let copy = await copyWork(ground.work, directory)
  let found = await locate(copy.images, wanted(ground, random))
  if (found.missed.length > 0) {
    const unclear = candidatesOf(found)
    if (unclear === undefined) return { reason: reasonOf(found) }
    await editAgain(ground, guest, random, unclear)
    copy = await copyWork(ground.work, directory)
    const files = wanted(ground, random).map((file) => ({ ...file, ...among(unclear.get(file.path)) }))
    found = await locate(copy.images, files)
    if (found.missed.length > 0) return { reason: reasonOf(found) }
  }
  const disks = await finishDisks(shop.template, copy, directory, 'mold', shop.run.options.signal)
  const placed = await translate(found.places, disks.images)
  return placed.missed.length > 0 ? { reason: reasonOf(placed) } : { disks, places: placed.places }
}

/** Where the files may lie that were found at several places; undefined if a file cannot be told by another content. */
function candidatesOf({ missed }: Located): Map<string, readonly Candidates[]> | undefined {
  const unclear = new Map<string, readonly Candidates[]>()
  for (const { path, candidates } of missed) {
    if (candidates === undefined) return undefined
    unclear.set(path, candidates)
  }
  return unclear
}

async function editAgain(
  ground: MoldGround,
  changes: readonly Change[],
  random: Map<string, Uint8Array>,
  unclear: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const path of unclear.keys()) {
    const before = random.get(path)
    if (before) random.set(path, moldContent(before.length, draw, before))
  }
  await edit(
    ground,
    changes.filter(({ path }) => unclear.has(path)),
    random,
  )
}

function among(candidates: readonly Candidates[] | undefined): Pick<VaryingFile, 'among'> {
  return candidates === undefined ? {} : { among: candidates }
}

function reasonOf({ missed: [first] }: Located): string {
  return `${first?.path}: ${first?.reason}`
}

async function edit(
  { appliance }: MoldGround,
  changes: readonly Change[],
  random: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const molded = changes.map((change) => {
    const after = random.get(change.path)
    return change.kind === 'write' && after !== undefined ? { ...change, after } : change
  })
  const guest = await appliance.open(0)
  await guest.write(molded)
  refuseMismatch(await guest.verify(molded))
  await guest.close()
}

function wanted({ blockSizeOf }: MoldGround, random: ReadonlyMap<string, Uint8Array>): VaryingFile[] {
  return [...random].map(([path, content]) => ({ path, content, blockSize: blockSizeOf(path) ?? 0 }))
}

function draw(length: number): Uint8Array {
  return systemDraw.bytes(length)
}
