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
  const stock = stockOf(template)
  let vmx = stock.vmx.set('displayName', clone.name)
  for (const [key, value] of renamed) if (vmx.get(key)) vmx = vmx.set(key, value)
  for (const [i, { node }] of template.disks.entries())
    vmx = vmx.set(`${node}.fileName`, names.disks[i] as string)
  // CD images by relative names stay the files that they were.
  for (const { key, path } of stock.images)
    vmx = setOr(vmx, key, relative(clone.directory, path), (before) => before)
  return withSearchPath(vmx, stock, clone)
}

/** What the .vmx files of all clones are made from. */
interface Stock {
  /** The template's .vmx without its state. */
  readonly vmx: VmxDocument
  /** CD images by relative names: absolute, each with its key. */
  readonly images: readonly { readonly key: string; readonly path: string }[]
  /** Directories that hold what linked clones stand on, absolute. */
  readonly parents: readonly string[]
}

const stocks = new WeakMap<Template, Stock>()

function stockOf(template: Template): Stock {
  const known = stocks.get(template)
  if (known !== undefined) return known
  const vmx = withoutState(template.vmx)
  const stock = { vmx, images: imagesIn(vmx, template), parents: parentsOf(template) }
  stocks.set(template, stock)
  return stock
}

function withoutState(template: VmxDocument): VmxDocument {
  let vmx = template
  for (const key of vmx.keys()) if (LEFTOVERS.test(key)) vmx = vmx.remove(key)
  // FALSE says that the template crashed; the clone was never started.
  return vmx.isFalse('cleanShutdown') ? vmx.remove('cleanShutdown') : vmx
}

function imagesIn(vmx: VmxDocument, { directory }: Template): Stock['images'] {
  return devices(vmx, /^(ide|scsi|sata)\d+:\d+$/).flatMap((node) => {
    const key = `${node}.fileName`
    const name = vmx.get(key) ?? ''
    const isImage = vmx.get(`${node}.deviceType`)?.toLowerCase() === 'cdrom-image'
    const isRelative = /\.iso$/i.test(name) && !isWindowsPath(name) && !isAbsolute(name)
    return isImage && isRelative ? [{ key, path: resolve(directory, name) }] : []
  })
}

function parentsOf({ kind, disks }: Template): string[] {
  if (kind !== 'linked') return []
  const links = disks.flatMap(({ chain }) => [chain.leaf, ...chain.parents])
  return [...new Set(links.map(({ descriptorPath }) => dirname(descriptorPath)))]
}

/** A linked clone's parents are also looked for by their base names: VMware writes ".;" and the parent's directory. */
function withSearchPath(vmx: VmxDocument, { parents }: Stock, { directory }: ClonePlace): VmxDocument {
  const ways = parents.map((parent) => relative(directory, parent))
  const usable = ways.filter((way) => way !== '' && !way.includes(';'))
  if (usable.length === 0) return vmx.remove('fileSearchPath')
  // The descriptors name the parents too, so a path that the .vmx cannot hold is no loss.
  return setOr(vmx, 'fileSearchPath', ['.', ...usable].join(';'), () => vmx.remove('fileSearchPath'))
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
