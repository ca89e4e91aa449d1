import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Drive } from '../../guest/launch.ts'
import { createChild } from '../../machine/clone/child.ts'
import { copySparse } from '../../machine/clone/copy-file.ts'
import { flatten } from '../../machine/clone/flatten.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import type { Template } from '../../machine/clone/template.ts'
import { type DiskChain, readChain } from '../../machine/disk/chain.ts'
import { mendDescriptor, originalDescriptor, readContentId } from '../../machine/disk/mend.ts'
import { openable } from '../../machine/disk/shadow.ts'
import type { Image } from '../../machine/stamp/spans.ts'
import { createOverlay } from '../../transaction/images.ts'
import { overlayName } from '../../transaction/workspace.ts'

/** A disk that an appliance writes to, before it has the form that a clone's disk has. */
interface WorkDisk {
  readonly drive: Drive
  /** What holds what is written, without the disks below it. */
  readonly image: Image
  /** What qemu needs to open it, which goes when it has its final form. */
  readonly made: readonly string[]
  /** Linked: the child, and its descriptor's bytes before qemu wrote to it. */
  readonly child?: { readonly chain: DiskChain; readonly descriptor: Uint8Array }
}

/** The disks of one clone, or mold, in the making. */
export interface WorkDisks {
  readonly disks: readonly WorkDisk[]
  readonly drives: readonly Drive[]
  readonly images: readonly Image[]
}

/** Makes a clone's disks in its directory: children of the template's, or overlays that are flattened later. */
export async function makeWorkDisks(
  template: Template,
  directory: string,
  name: string,
  signal?: AbortSignal,
): Promise<WorkDisks> {
  const names = cloneNames(template, name).disks
  const options = signal === undefined ? {} : { signal }
  const disks: WorkDisk[] = []
  for (const [index, { chain }] of template.disks.entries()) {
    if (template.kind === 'linked') {
      disks.push(
        await asChild(await createChild(chain, join(directory, names[index] as string), options), directory),
      )
      continue
    }
    const { path: backing, made } = await openable(chain, directory)
    const path = join(directory, overlayName(index))
    await createOverlay(path, backing, options)
    disks.push(asOverlay(path, made))
  }
  return together(disks)
}

/** A copy, in another directory beside, of disks that are unmounted and flushed; the appliance may still have them open. */
export async function copyWork(work: WorkDisks, directory: string, signal?: AbortSignal): Promise<WorkDisks> {
  const disks: WorkDisk[] = []
  for (const { child, image } of work.disks) {
    const files = child?.chain.leaf.files ?? [image.path]
    for (const file of files) {
      const to = join(directory, basename(file))
      await rm(to, { force: true })
      await copySparse(file, to, signal)
    }
    const path = join(directory, basename(files[0] as string))
    if (child === undefined) disks.push(asOverlay(path, []))
    else {
      const copied = await asChild(await readChain(path, { use: 'read' }), directory)
      disks.push({ ...copied, child: { ...(copied.child ?? child), descriptor: child.descriptor } })
    }
  }
  return together(disks)
}

/** Gives edited disks their final form; the appliance has let them go. `name`: of the clone, or of the mold. */
export async function finishDisks(
  template: Template,
  work: WorkDisks,
  directory: string,
  name: string,
  signal?: AbortSignal,
): Promise<DiskChain[]> {
  const names = cloneNames(template, name).disks
  const chains: DiskChain[] = []
  for (const [index, { child, drive, made }] of work.disks.entries()) {
    const like = template.disks[index]?.chain as DiskChain
    if (child === undefined) {
      const target = join(directory, names[index] as string)
      chains.push(
        await flatten(
          { path: drive.path, format: 'qcow2' },
          target,
          like,
          signal === undefined ? {} : { signal },
        ),
      )
      for (const path of [drive.path, ...made]) await rm(path, { recursive: true, force: true })
      continue
    }
    const { descriptorPath } = child.chain.leaf
    const written = drive.path === descriptorPath ? undefined : await readContentId(drive.path)
    await mendDescriptor(descriptorPath, child.descriptor, written)
    for (const path of made) await rm(path, { recursive: true, force: true })
    chains.push(await readChain(descriptorPath, { use: 'read' }))
  }
  return chains
}

async function asChild(chain: DiskChain, directory: string): Promise<WorkDisk> {
  const { path, made } = await openable(chain, directory)
  return {
    drive: { path, format: 'vmdk', readonly: false },
    image: { path: chain.leaf.descriptorPath, format: 'vmdk' },
    made,
    child: { chain, descriptor: await originalDescriptor(chain.leaf.descriptorPath) },
  }
}

function asOverlay(path: string, made: readonly string[]): WorkDisk {
  return { drive: { path, format: 'qcow2', readonly: false }, image: { path, format: 'qcow2' }, made }
}

function together(disks: readonly WorkDisk[]): WorkDisks {
  return { disks, drives: disks.map(({ drive }) => drive), images: disks.map(({ image }) => image) }
}
