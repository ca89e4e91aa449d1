import { join } from 'node:path'
import type { AttachedDisk, MachineSurvey } from '../survey.ts'
import { readNics } from '../vmx/nics.ts'
import { cloneNames } from './names.ts'
import type { Template } from './template.ts'
import { linkedVmsd } from './vmsd.ts'
import { type ClonePlace, cloneVmx } from './vmx.ts'

/**
 * The survey that operations plan a clone from: the template's with the clone's place, .vmx and .vmxf name. `disks` are still the
 * template's, whose guest the clone starts with. Pure. Throws what cloneVmx throws.
 */
export function cloneMachine(template: Template, clone: ClonePlace): MachineSurvey {
  const { vmxf, disks } = template
  const names = cloneNames(template, clone.name)
  const vmx = cloneVmx(template, clone)
  return {
    vmxPath: join(clone.directory, names.vmx),
    directory: clone.directory,
    name: clone.name,
    vmx,
    ...(vmxf === undefined ? {} : { vmxf: { name: names.vmxf, bytes: vmxf.bytes } }),
    nics: readNics(vmx),
    disks: disks.map(withoutUuid),
  }
}

const known = new WeakMap<AttachedDisk, AttachedDisk>()

/** Whoever makes a clone's disk gives it a ddb.uuid of its own, or none. The same for all clones. */
function withoutUuid(disk: AttachedDisk): AttachedDisk {
  const bare = known.get(disk)
  if (bare !== undefined) return bare
  const { node, chain } = disk
  const { uuid: _, ...leaf } = chain.leaf
  const made = { node, chain: { ...chain, leaf } }
  known.set(disk, made)
  return made
}

/**
 * The files that a clone has besides its .vmx, .vmxf and disks: the .vmsd, and the .nvram with the guest's boot entries if
 * the template has one. Everything else in the template's directory stays there: locks, logs, memory, caches, snapshots. Pure.
 */
export function companionFiles(
  template: Template,
  clone: ClonePlace,
): { readonly name: string; readonly bytes: Uint8Array }[] {
  const names = cloneNames(template, clone.name)
  const disks = names.disks.map((name) => join(clone.directory, name))
  const vmsd =
    template.kind === 'linked' ? linkedVmsd({ templateVmx: template.vmxPath, disks }) : new Uint8Array()
  return [
    { name: names.vmsd, bytes: vmsd },
    ...(template.nvram === undefined ? [] : [{ name: names.nvram, bytes: template.nvram.bytes }]),
  ]
}
