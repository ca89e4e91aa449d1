import { blocksOf, type Candidates, type DiskOffset, type VaryingFile } from './content.ts'
import { type Located, type Missed, settle } from './place.ts'
import { Needle, SHORT, scan } from './scan.ts'
import type { Image } from './spans.ts'

/**
 * The chance that we take for a block's one hit to be another place than the file's. The mold's bytes are drawn without
 * regard to what the image holds already, so a place that looks alike (n bytes other than NUL, then zeros to the block's end)
 * holds just these with probability 255^-n, and one of m such places with at most m·255^-n. With 8 bytes and more that is
 * less than 1e-9 for all sectors of 2 TiB together; below, such places are counted. It matters only if the file's own block is
 * nowhere in the image as it is, for else there are two hits; and the first clone that is read back shows it.
 */
const CHANCE = 1e-6

/**
 * Finds where the mold's files lie. A file's block must be at exactly one sector of all that the images themselves hold (what
 * their backing chain holds is the template's, not the mold's). `images`: one for each disk, unmounted and flushed.
 *
 * A file with `among` was located before with another content that no byte of this one equals at its place. Only the block
 * itself was at one of these places then and is there with the new bytes now; whatever else held the old
 * ones by chance does not hold the new ones, so that here one hit is proof for any number of bytes.
 * Throws DISK_*, QEMU_IMG_FAILED.
 */
export async function locate(images: readonly Image[], files: readonly VaryingFile[]): Promise<Located> {
  const searches = files.map((file) => ({ file, needles: blocksOf(file).map((block) => new Needle(block)) }))
  await scan(
    images,
    searches.flatMap(({ needles }) => needles),
  )
  const found: { file: VaryingFile; blocks: DiskOffset[] }[] = []
  const missed: Missed[] = []
  for (const { file, needles } of searches) {
    const verdicts = needles.map((needle, index) => judge(needle, file.among?.[index]))
    const bad = verdicts.filter((verdict) => typeof verdict !== 'object')
    const hopeless = bad.find((verdict) => verdict !== 'unsure')
    if (bad.length === 0) found.push({ file, blocks: verdicts as DiskOffset[] })
    else if (hopeless !== undefined) missed.push({ path: file.path, reason: hopeless })
    else
      missed.push({
        path: file.path,
        reason: 'ends with too few bytes in its last block to be told from others',
        candidates: needles.map(({ hits }) => hits),
      })
  }
  const settled = await settle(images, found)
  return { places: settled.places, missed: [...missed, ...settled.missed] }
}

/** The block's place, "unsure", or why there is none. */
function judge({ block, hits, overflows, alike }: Needle, among?: Candidates): DiskOffset | string {
  const short = block.used < SHORT
  const possible = among
    ? hits.filter((hit) => among.some(({ disk, offset }) => disk === hit.disk && offset === hit.offset))
    : hits
  const [only, other] = possible
  if (only === undefined) return 'has a block that the image does not hold as it is'
  if (overflows || (other && (!short || among))) return 'has a block that the image holds in several places'
  if (among) return only
  return other || (short && alike * 255 ** -block.used > CHANCE) ? 'unsure' : only
}
