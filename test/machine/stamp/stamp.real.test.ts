import { realpathSync } from 'node:fs'
import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { translate } from '../../../src/machine/stamp/place.ts'
import { stamp } from '../../../src/machine/stamp/stamp.ts'
import { ownContents, shapeOf, varying } from '../../../src/workflow/batch/shape.ts'
import { buildLayouts } from '../../support/layouts.ts'
import { differences, directoryHashes } from '../../support/manifest.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { imagesOver, REFUSED, STAMPED, type StampCase } from '../../support/stamp-cases.ts'
import {
  edit,
  imageOf,
  inAppliance,
  type Mold,
  makeMold,
  moldOf,
  planOf,
  readOut,
  type Task,
} from '../../support/stamp-work.ts'

const directory = realpathSync(scratchDirectory())
const plans = [1, 2].map(planOf)
const paths = varying(plans)
const molds = new Map<string, Mold>()
const faults = new Map<string, string[]>()
const mold = (name: string): Mold => molds.get(name) as Mold
const at = (...names: string[]) => join(directory, ...names)

/** Two copies of one volume group cannot be in one appliance. */
const EDITED = STAMPED.filter(({ name }) => name !== 'lvm')

/** A copy of the mold's files, stamped. Gives its disks. */
async function stampedCopy(name: string, clone: number): Promise<string[]> {
  const target = at(name, `clone${clone}`)
  const { images, located } = mold(name)
  await cp(at(name, 'mold'), target, { recursive: true })
  const own = ownContents(plans[clone - 1] ?? [], paths)
  await stamp(
    located.places,
    (path) => own.get(path),
    (file) => join(target, basename(file)),
  )
  return images.map(({ path }) => join(target, basename(path)))
}

beforeAll(async () => {
  const raws = await buildLayouts(directory, [...STAMPED, ...REFUSED])
  const tasks: Task[] = []
  for (const one of [...STAMPED, ...REFUSED]) {
    const over = (label: string) => imagesOver(one, raws.get(one.name) ?? [], directory, label)
    const disks = await over('mold')
    const make: Task['work'] = async (session, devices) => {
      molds.set(one.name, await makeMold(session, one, disks, devices, moldOf(plans, paths)))
    }
    tasks.push({ disks, work: make })
    if (!EDITED.includes(one)) continue
    tasks.push({
      disks: await over('edited'),
      work: (session, devices) => edit(session, one, devices, plans[0] ?? []),
    })
  }
  await inAppliance(tasks, false)

  const reading: Task[] = []
  const read = (one: StampCase, label: string, disks: readonly string[]) =>
    reading.push({
      disks,
      work: async (session, devices) => {
        faults.set(
          `${one.name} ${label}`,
          await readOut(session, one, devices, at(`${one.name}-${label}.tar`)),
        )
      },
    })
  for (const one of STAMPED) {
    read(one, 'clone1', await stampedCopy(one.name, 1))
    const edited = mold(one.name).images.map(({ path }) => at(one.name, 'edited', basename(path)))
    if (EDITED.includes(one)) read(one, 'edited', edited)
  }
  const [first] = STAMPED
  if (first) read(first, 'clone2', await stampedCopy(first.name, 2))
  await inAppliance(reading, true)
}, 1_800_000)

/** What a clone's file systems hold: hashes by path, and tar's own list of modes, owners, sizes and types. */
async function guestOf(name: string, label: string) {
  const tar = at(`${name}-${label}.tar`)
  const tree = at(`${name}-${label}`)
  await mkdir(tree, { recursive: true })
  await execa('tar', ['-xf', tar, '-C', tree])
  const { stdout } = await execa('tar', ['--numeric-owner', '--full-time', '-tvf', tar])
  const list = stdout
    .split('\n')
    .map((line) => line.replace(/ \d{4}-\d\d-\d\d [\d:.]+/, '').replace(/\s+/g, ' '))
  return { tree, hashes: await directoryHashes(tree), list: list.sort() }
}

async function expectPlan(name: string, label: string, clone: number): Promise<void> {
  const { tree } = await guestOf(name, label)
  for (const change of plans[clone - 1] ?? [])
    if (change.kind === 'write')
      expect((await readFile(join(tree, change.path))).equals(change.after), change.path).toBe(true)
  await expect(readdir(join(tree, 'var/log'))).resolves.toEqual([])
  for (const path of ['etc/untouched', 'etc/twin'])
    expect(await readFile(join(tree, path), 'utf8')).toBe('untouched')
}

test('plans of clones have one shape, and vary where they should', () => {
  expect(new Set(plans.map(shapeOf)).size).toBe(1)
  expect([...paths].map((path) => path.slice('/etc/'.length))).toEqual([
    ...['exact', 'hostname', 'hosts', 'machine-id', 'new/dir/key', 'plus', 'short', 'ten'],
  ])
})

describe.each(STAMPED.map(({ name }) => name))('%s', (name) => {
  test('every file is found, one with a tail of a single byte by a second content', () => {
    const { stampable, first, located } = mold(name)
    const sizes = { 'ext4-1k': [1024], lvm: [4096, 1024] }[name] ?? [4096]
    expect(stampable.map((one) => ('blockSize' in one ? one.blockSize : one.reason))).toEqual(sizes)
    expect(first.missed.map(({ path }) => path)).toContain('/etc/plus')
    expect(first.missed.every(({ candidates }) => candidates)).toBe(true)
    expect(located.missed).toEqual([])
    expect(located.places.map(({ path }) => path).sort()).toEqual([...paths])
  })

  test('a stamped copy holds its own contents, and its file systems are clean', async () => {
    await expectPlan(name, 'clone1', 1)
    expect(faults.get(`${name} clone1`)).toEqual([])
  })

  test('each of the mold’s random blocks is in its images once, and in no clone’s', async () => {
    const { contents, earlier } = mold(name)
    const starts = [...contents.values()].flatMap((content) =>
      Array.from({ length: Math.ceil(content.length / 4096) }, (_, at) =>
        content.subarray(at * 4096).subarray(0, 16),
      ),
    )
    const long = starts.filter(({ length }) => length >= 7)
    expect(long.length).toBeGreaterThan(15)
    expect(await occurrences(at(name, 'mold'), long)).toEqual(long.map(() => 1))
    expect(await occurrences(at(name, 'clone1'), long)).toEqual(long.map(() => 0))
    const gone = earlier.filter(({ length }) => length >= 16).map((content) => content.subarray(0, 16))
    expect(await occurrences(at(name, 'mold'), gone)).toEqual(gone.map(() => 0))
  })
})

test.each(EDITED.map(({ name }) => name))(
  '%s: a stamped clone is the same guest as an edited one',
  async (name) => {
    const [stamped, edited] = [await guestOf(name, 'clone1'), await guestOf(name, 'edited')]
    expect(differences(stamped.hashes, edited.hashes)).toEqual([])
    expect(stamped.list).toEqual(edited.list)
    expect(stamped.list.length).toBeGreaterThan(20)
    expect(faults.get(`${name} edited`)).toEqual([])
  },
)

test('another clone of the mold has its own contents', () => expectPlan('ext4', 'clone2', 2))

describe.each(['ext4', 'ext4-1k', 'bigalloc'])('the mold of %s, flattened', (name) => {
  test.each(['monolithicSparse', 'twoGbMaxExtentSparse', 'monolithicFlat', 'twoGbMaxExtentFlat'])(
    'into %s',
    async (subformat) => {
      const { images, located } = mold(name)
      const label = `${name}-${subformat}`
      await mkdir(at(label, 'flat'), { recursive: true })
      const flat = at(label, 'flat', 'disk.vmdk')
      const { path = '', format = '' } = images[0] ?? {}
      await execa('qemu-img', [
        'convert',
        '-f',
        format,
        '-O',
        'vmdk',
        '-o',
        `subformat=${subformat}`,
        path,
        flat,
      ])
      const { places, missed } = await translate(located.places, [imageOf(flat)])
      expect(missed).toEqual([])
      await cp(at(label, 'flat'), at(label, 'copy'), { recursive: true })
      const own = ownContents(plans[0] ?? [], paths)
      await stamp(
        places,
        (file) => own.get(file),
        (file) => join(at(label, 'copy'), basename(file)),
      )
      const linked = join(dirname(path), '..', 'clone1', basename(path))
      const both = [at(label, 'copy', 'disk.vmdk'), linked]
      await execa('qemu-img', ['compare', '-f', 'vmdk', '-F', format, ...both])
      expect((await translate(places, [imageOf(at(label, 'copy', 'disk.vmdk'))])).places).toEqual([])
    },
  )
})

describe('where stamping is not sound', () => {
  test.each([
    ['inline', 'it has the feature inline_data', 'machine-id', /does not hold as it is/],
    ['journal', 'it is mounted with data=journal', 'hosts', /several places/],
  ])('%s is refused, and would not be found', (name, reason, file, why) => {
    const { stampable, first } = mold(name)
    expect(stampable).toEqual([expect.objectContaining({ mountpoint: '/', reason })])
    expect(first.missed.find(({ path }) => path === `/etc/${file}`)?.reason).toMatch(why)
  })
})

/** How often each of these is in the files of a directory, at any place. */
async function occurrences(where: string, needles: readonly Uint8Array[]): Promise<number[]> {
  const counts = needles.map(() => 0)
  for (const name of await readdir(where)) {
    const bytes = await readFile(join(where, name))
    for (const [index, needle] of needles.entries())
      for (let found = bytes.indexOf(needle); found >= 0; found = bytes.indexOf(needle, found + 1))
        counts[index] = (counts[index] ?? 0) + 1
  }
  return counts
}
