import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import { isWindowsPath } from '../disk/locate.ts'
import { devices } from '../vmx/devices.ts'
import type { VmxDocument } from '../vmx/document.ts'
import { cloneNames } from './names.ts'
import type { Template } from './template.ts'

/** What a clone is called and where it will lie. */
export interface ClonePlace {
  readonly name: string
  /** Absolute, links resolved; it need not exist. */
  readonly directory: string
}

/** State of the template that a clone does not have: suspension, AutoProtect, swap, change tracking, template mode. */
const LEFTOVERS =
  /^(checkpoint\.(?!vmState$).*|rollingTier\d+\..*|sched\.swap\.derivedName|migrate\.hostLog|templateVM|workingDir|(.*\.)?ctkEnabled)$/i

/**
 * The .vmx of a clone: the template's, with the names of the clone's own files and without what names the template's
 * directory or is state of the template. UUIDs, MACs and whatever else is identity stay: operations give it. Pure. Throws
 * NAME_UNUSABLE, VALUE_NOT_ENCODABLE, ENCODING_UNKNOWN.
 */
export function cloneVmx(template: Template, clone: ClonePlace): VmxDocument {
  const names = cloneNames(template, clone.name)
  const renamed: readonly [string, string][] = [
    ['nvram', names.nvram],
    ['extendedConfigFile', names.vmxf],
    ['vmxstats.filename', `${clone.name}.scoreboard`],
    ['replay.filename', ''],
  ]
  let vmx = withoutState(template.vmx).set('displayName', clone.name)
  for (const [key, value] of renamed) if (vmx.get(key)) vmx = vmx.set(key, value)
  for (const [i, { node }] of template.disks.entries())
    vmx = vmx.set(`${node}.fileName`, names.disks[i] as string)
  return withSearchPath(withImages(vmx, template, clone), template, clone)
}

const stateless = new WeakMap<VmxDocument, VmxDocument>()

/** The template's .vmx without its state; made once for all clones. */
function withoutState(template: VmxDocument): VmxDocument {
  const known = stateless.get(template)
  if (known !== undefined) return known
  let vmx = template
  for (const key of vmx.keys()) if (LEFTOVERS.test(key)) vmx = vmx.remove(key)
  // FALSE says that the template crashed; the clone was never started.
  if (vmx.isFalse('cleanShutdown')) vmx = vmx.remove('cleanShutdown')
  stateless.set(template, vmx)
  return vmx
}

/** A linked clone's parents are also looked for by their base names: VMware writes ".;" and the parent's directory. */
function withSearchPath(vmx: VmxDocument, template: Template, { directory }: ClonePlace): VmxDocument {
  const links = template.disks.flatMap(({ chain }) => [chain.leaf, ...chain.parents])
  const ways = [...new Set(links.map((link) => relative(directory, dirname(link.descriptorPath))))]
  const usable = ways.filter((way) => way !== '' && !way.includes(';'))
  if (template.kind !== 'linked' || usable.length === 0) return vmx.remove('fileSearchPath')
  // The descriptors name the parents too, so a path that the .vmx cannot hold is no loss.
  return setOr(vmx, 'fileSearchPath', ['.', ...usable].join(';'), () => vmx.remove('fileSearchPath'))
}

/** CD images by relative names stay the files that they were. */
function withImages(vmx: VmxDocument, template: Template, { directory }: ClonePlace): VmxDocument {
  let edited = vmx
  for (const node of devices(vmx, /^(ide|scsi|sata)\d+:\d+$/)) {
    const key = `${node}.fileName`
    const name = vmx.get(key) ?? ''
    const isImage = vmx.get(`${node}.deviceType`)?.toLowerCase() === 'cdrom-image'
    if (!isImage || !/\.iso$/i.test(name) || isWindowsPath(name) || isAbsolute(name)) continue
    const moved = relative(directory, resolve(template.directory, name))
    edited = setOr(edited, key, moved, (before) => before)
  }
  return edited
}

function setOr(
  vmx: VmxDocument,
  key: string,
  value: string,
  otherwise: (vmx: VmxDocument) => VmxDocument,
): VmxDocument {
  try {
    return vmx.set(key, value)
  } catch (error) {
    if (error instanceof VmcloneError) return otherwise(vmx)
    throw error
  }
}
