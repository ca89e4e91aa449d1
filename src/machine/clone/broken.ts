import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import { isInside } from '../../transaction/inside.ts'
import { NO_PARENT } from '../disk/chain.ts'
import { isWindowsPath, regularFile } from '../disk/locate.ts'
import { originalDescriptor, readContentId } from '../disk/mend.ts'
import { readName } from '../disk/names.ts'
import type { Template } from './template.ts'

/** A linked clone that cannot be used any more: its parent was written since it was made. */
export interface BrokenClone {
  /** Descriptor of the clone's disk, absolute. */
  readonly disk: string
  /** The template's disk that it stands on. */
  readonly parent: string
  /** Content id that it was made from, and the one that there is now. */
  readonly expected: string
  readonly found: string
}

/** Named like an extent, which has no descriptor, of the disk that is left when this is taken away. */
const EXTENT = /-(s\d{3,}|f\d{3,}|flat)(?=\.vmdk$)/i

/**
 * Linked clones of a template in the directories right below `directory` whose parent's content id is not what they
 * expect. Only descriptors are read.
 */
export async function brokenClones(directory: string, template: Template): Promise<BrokenClone[]> {
  const parents = new Set(
    template.disks.flatMap(({ chain }) => [chain.leaf, ...chain.parents].map((link) => link.descriptorPath)),
  )
  const contentIds = new Map<string, string | undefined>()
  const broken: BrokenClone[] = []
  for (const disk of await disksBelow(directory)) {
    const child = await readChild(disk)
    if (child === undefined) continue
    const parent = await parentOf(disk, child.hints)
    if (parent === undefined || !(parents.has(parent) || isInside(parent, template.directory))) continue
    if (!contentIds.has(parent)) contentIds.set(parent, await readContentId(parent).catch(() => undefined))
    const found = contentIds.get(parent)
    if (found !== undefined && found !== child.expected)
      broken.push({ disk, parent, expected: child.expected, found })
  }
  return broken
}

async function disksBelow(directory: string): Promise<string[]> {
  const disks: string[] = []
  for (const entry of await readdir(directory)) {
    if (entry.startsWith('.')) continue
    const home = join(directory, entry)
    const names = await readdir(home).catch((): string[] => [])
    for (const name of names)
      if (/\.vmdk$/i.test(name) && !(EXTENT.test(name) && names.includes(name.replace(EXTENT, ''))))
        disks.push(join(home, name))
  }
  return disks.sort()
}

async function readChild(disk: string): Promise<{ expected: string; hints: string[] } | undefined> {
  try {
    const document = DescriptorDocument.parse(await originalDescriptor(disk))
    const expected = (document.get('parentCID') ?? NO_PARENT).toLowerCase().padStart(8, '0')
    const hints = readName(document, document.get('parentFileNameHint') ?? '')
    return expected === NO_PARENT || !hints[0] ? undefined : { expected, hints }
  } catch {
    return undefined
  }
}

/** As the hint leads. One that leads nowhere here is passed over: other templates may have a disk of that name too. */
async function parentOf(disk: string, hints: readonly string[]): Promise<string | undefined> {
  for (const hint of hints.filter((one) => !isWindowsPath(one))) {
    const found = await regularFile(resolve(dirname(disk), hint))
    if (found !== undefined) return found
  }
  return undefined
}
