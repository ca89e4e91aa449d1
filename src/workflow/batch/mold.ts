import { randomUUID } from 'node:crypto'
import { overwriteCommands } from '../../guest/overwrite.ts'
import { systemDraw } from '../../identity/draw.ts'
import { moldContent, type VaryingFile } from '../../machine/stamp/content.ts'
import { locate } from '../../machine/stamp/locate.ts'
import type { Located, Place } from '../../machine/stamp/place.ts'
import { refuseMismatch } from '../apply.ts'
import type { Blanks } from './blanks.ts'
import { copyWork, type WorkDisks } from './disks.ts'
import type { Bench, Lane, Shop } from './lane.ts'
import { moldOfBlanks } from './mold-blanks.ts'
import { moldOfDisks } from './mold-disks.ts'
import type { PlannedClone } from './planned-clone.ts'
import { moldPlan, shapeOf } from './shape.ts'

/** A clone whose varying files hold random bytes, from which all clones of its shape are stamped. */
export interface Mold extends Pick<MoldForm, 'places' | 'disksOf'> {
  /** Of all clones that are stamped from it: shapeOf. */
  readonly shape: string
}

/** An edited mold in the form that clones get their disks from. */
export interface MoldForm extends Located {
  /** The disks of a clone, which hold what the mold holds. Throws NO_SPACE, COPY_FAILED, INTERRUPTED. */
  readonly disksOf: (name: string) => Promise<ClonedDisks>
}

/** A clone's directory with its disks in it. */
export interface ClonedDisks {
  readonly directory: string
  /** The clone's file for one that places name. */
  readonly fileOf: (file: string) => string
}

/** What was edited, and where its varying files were found. */
export interface Edited {
  readonly work: WorkDisks
  /** A working directory, in which these disks lie. */
  readonly directory: string
  readonly places: readonly Place[]
}

/** Why no mold can be made for a shape. */
export interface NoMold {
  readonly reason: string
}

/** What a mold is made of. */
export interface MoldGround {
  /** Its first bench has the disks that are edited. */
  readonly lane: Lane
  /** Block size of the file system that a path lies on; undefined where it cannot be stamped. */
  readonly blockSizeOf: (path: string) => number | undefined
  /** Paths whose contents differ over the clones. */
  readonly varying: ReadonlySet<string>
  /** For full clones. */
  readonly blanks?: Blanks
}

/**
 * Edits the mold for a shape, given by one of its clones: its varying files get random bytes, all else what it is to be. Throws what
 * guest and disks throw.
 */
export async function makeMold(
  shop: Shop,
  ground: MoldGround,
  { row, changes }: PlannedClone,
): Promise<Mold | NoMold> {
  const { lane, blockSizeOf, varying, blanks } = ground
  const { work } = lane.benches[0] as Bench
  const plan = moldPlan(changes, varying, draw)
  const unsound = [...plan.contents.keys()].find((path) => blockSizeOf(path) === undefined)
  if (unsound !== undefined) return { reason: `${unsound} lies on a file system that cannot be stamped` }
  const guest = await lane.guest(0)
  await guest.write(plan.changes)
  refuseMismatch(await guest.verify(plan.changes))
  await guest.close()
  const directory = await shop.places.working(`mold-${randomUUID()}`)
  const files: VaryingFile[] = [...plan.contents].map(([path, content]) => ({
    path,
    content,
    blockSize: blockSizeOf(path) ?? 0,
  }))
  let copy = await copyWork(work, directory, shop.run.options.signal)
  let found = await locate(copy.images, files)
  if (found.missed.length > 0) {
    const second = secondContents(files, found)
    if (second === undefined) return { reason: reasonOf(found) }
    await overwrite(ground, second)
    copy = await copyWork(work, directory, shop.run.options.signal)
    found = await locate(copy.images, second)
    if (found.missed.length > 0) return { reason: reasonOf(found) }
  }
  const edited = { work: copy, directory, places: found.places }
  const form = blanks ? await moldOfBlanks(shop, blanks, row.name, edited) : await moldOfDisks(shop, edited)
  if (form.missed.length > 0) return { reason: reasonOf(form) }
  return { shape: shapeOf(changes), places: form.places, disksOf: form.disksOf }
}

/** New contents for what was found at several places, to tell them apart; undefined if another content would not help. */
function secondContents(files: readonly VaryingFile[], { missed }: Located): VaryingFile[] | undefined {
  const unclear = new Map(missed.map(({ path, candidates }) => [path, candidates]))
  if ([...unclear.values()].includes(undefined)) return undefined
  return files.map((file) => {
    const among = unclear.get(file.path)
    if (among === undefined) return file
    return { ...file, content: moldContent(file.content.length, draw, file.content), among }
  })
}

async function overwrite({ lane }: MoldGround, files: readonly VaryingFile[]): Promise<void> {
  const guest = await lane.guest(0)
  const changed = files.filter(({ among }) => among !== undefined)
  await lane.appliance.session.runAll(
    changed.flatMap(({ path, content }) => overwriteCommands(path, content)),
  )
  await guest.close()
}

function reasonOf({ missed: [first] }: Located): string {
  return `${first?.path}: ${first?.reason}`
}

function draw(length: number): Uint8Array {
  return systemDraw.bytes(length)
}
