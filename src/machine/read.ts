import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import { isInside } from '../transaction/inside.ts'
import { type ChainOptions, readChain } from './disk/chain.ts'
import type { Use } from './disk/create-type.ts'
import { locateDisk, regularFile } from './disk/locate.ts'
import { searchDirectories } from './disk/parents.ts'
import { checkWhole } from './disk/whole.ts'
import type { AttachedDisk, MachineSurvey } from './survey.ts'
import { readDisks } from './vmx/disks.ts'
import { VmxDocument } from './vmx/document.ts'
import { readNics } from './vmx/nics.ts'
import { refuseUnlessEditable } from './vmx/state.ts'
import { machineNotices } from './vmx/warnings.ts'

/** Bytes; VMware's own have a few thousand. */
const VMX_LIMIT = 4 * 1024 * 1024

/** Absolute path of a .vmx with links resolved. Throws VMX_NOT_FOUND. */
export async function locateVmx(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (cause) {
    throw new VmcloneError('VMX_NOT_FOUND', `${path} cannot be found`, { cause })
  }
}

/** Reads a .vmx file. Throws VMX_NOT_FOUND, VMX_MALFORMED. */
export async function readVmx(path: string): Promise<VmxDocument> {
  try {
    const state = await stat(path)
    if (state.isDirectory()) throw await directoryGiven(path)
    if (!state.isFile()) throw new VmcloneError('VMX_NOT_FOUND', `${path} is no regular file`)
    if (state.size > VMX_LIMIT)
      throw new VmcloneError('VMX_MALFORMED', `${path} has ${state.size} bytes, too many for a .vmx`)
    return VmxDocument.parse(await readFile(path), basename(path))
  } catch (cause) {
    if (cause instanceof VmcloneError) throw cause
    const denied = (cause as NodeJS.ErrnoException).code === 'EACCES'
    const fact = denied ? `this user may not read ${path}` : `${path} cannot be read`
    throw new VmcloneError('VMX_NOT_FOUND', fact, {
      cause,
      ...(denied
        ? { hint: 'Run as the owner of the VM, or give this user the right to read and write it.' }
        : {}),
    })
  }
}

async function directoryGiven(path: string): Promise<VmcloneError> {
  const [found, ...more] = (await readdir(path)).filter((name) => /\.vmx$/i.test(name))
  return new VmcloneError('VMX_NOT_FOUND', `${path} is a directory`, {
    ...(found !== undefined && more.length === 0
      ? { hint: `Give the .vmx in it: ${join(path, found)}` }
      : {}),
  })
}

/**
 * Reads a VM and all its disks, and refuses what must not be edited: running, suspended, locked or encrypted VMs,
 * broken, incomplete or shared disk chains. One that is only read may be a template whose disks have children. `vmxPath` is absolute.
 * Nothing is written.
 */
export async function readMachine(
  vmxPath: string,
  options: { readonly force?: boolean; readonly use?: Use } = {},
): Promise<{ machine: MachineSurvey; notices: Notice[] }> {
  const directory = dirname(vmxPath)
  const vmx = await readVmx(vmxPath)
  const { force = false, use = 'written' } = options
  const before = await refuseUnlessEditable(vmx, directory, { force, use })
  const disks: AttachedDisk[] = []
  for (const { node, fileName } of readDisks(vmx)) {
    const leaf = await locateDisk(fileName, directory)
    const chain = await readChain(leaf, { ...chainOptions(vmx, vmxPath), use })
    await checkWhole(chain)
    disks.push({ node, chain })
  }
  // Parents are only read, and locked whenever a sibling clone runs: their locks are no reason to refuse.
  const files = disks.flatMap(({ chain }) => chain.leaf.files).filter((path) => !isInside(path, directory))
  const notices =
    files.length > 0 ? await refuseUnlessEditable(vmx, directory, { force, use, files }) : before
  const vmxf = await readVmxf(vmx, directory)
  const machine = {
    vmxPath,
    directory,
    name: basename(vmxPath, extname(vmxPath)),
    vmx,
    ...(vmxf === undefined ? {} : { vmxf }),
    nics: readNics(vmx),
    disks,
  }
  return { machine, notices: [...notices, ...machineNotices(vmx)] }
}

/** Where the parents of a VM's disks may lie. */
export function chainOptions(vmx: VmxDocument, vmxPath: string): ChainOptions {
  return { vmxPath, fileSearchPath: searchDirectories(vmx.get('fileSearchPath') ?? '', dirname(vmxPath)) }
}

async function readVmxf(vmx: VmxDocument, directory: string): Promise<MachineSurvey['vmxf']> {
  const name = vmx.get('extendedConfigFile')
  if (!name || basename(name) !== name) return undefined
  const path = await regularFile(join(directory, name))
  return path === undefined || !isInside(path, directory) ? undefined : { name, bytes: await readFile(path) }
}
