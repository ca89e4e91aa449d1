import { type Delta, mergeOverlay, writeDelta } from '../../machine/clone/delta.ts'
import { translate } from '../../machine/stamp/place.ts'
import type { Blanks } from './blanks.ts'
import type { Shop } from './lane.ts'
import type { ClonedDisks, Edited, MoldForm } from './mold.ts'

/**
 * Writes what was edited into the blank of the clone `name`; what that changed in its files is written into every other blank. The places
 * name the files of the disks that blanks are copies of.
 */
export async function moldOfBlanks(
  { places }: Pick<Shop, 'places'>,
  blanks: Blanks,
  name: string,
  edited: Edited,
): Promise<MoldForm> {
  const { disks } = await blanks.of(name)
  const deltas: Delta[] = []
  for (const [index, copy] of disks.entries()) {
    const overlay = edited.work.images[index]?.path ?? ''
    deltas.push(await mergeOverlay(overlay, copy, edited.directory))
  }
  const located = await translate(
    edited.places,
    disks.map(({ descriptorPath }) => ({ path: descriptorPath, format: 'vmdk' })),
  )
  await places.discard(edited.directory)
  const bases = new Map(disks.flatMap(({ files }) => [...files].map(([base, own]) => [own, base])))
  return {
    missed: located.missed,
    places: located.places.map((place) => ({
      ...place,
      pieces: place.pieces.map((piece) => ({ ...piece, file: bases.get(piece.file) ?? piece.file })),
    })),
    disksOf: (clone) => withDeltas(deltas, blanks, clone),
  }
}

async function withDeltas(deltas: readonly Delta[], blanks: Blanks, name: string): Promise<ClonedDisks> {
  const { directory, disks } = await blanks.of(name)
  for (const [index, copy] of disks.entries()) await writeDelta(deltas[index] ?? new Map(), copy)
  blanks.release(name)
  const files = new Map(disks.flatMap((copy) => [...copy.files]))
  return { directory, fileOf: (file) => files.get(file) ?? file }
}
