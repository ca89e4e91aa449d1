import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import { VmxDocument } from '../vmx/document.ts'
import type { DiskLink } from './chain.ts'
import { anyBasename, isWindowsPath, regularFile } from './locate.ts'
import { readName } from './names.ts'
import { readDiskFile } from './sparse.ts'

/**
 * Refuses a leaf that another disk in its directory has as its parent (DISK_HAS_CHILDREN), or whose files another disk
 * there or another .vmx there or beside the VM's own uses (DISK_SHARED). Without `vmxPath`, the VM's own .vmx, only disks
 * are looked at.
 */
export async function refuseSharedLeaf(leaf: DiskLink, vmxPath: string | undefined): Promise<void> {
  const own = vmxPath === undefined ? undefined : await regularFile(vmxPath)
  const directories = new Set([leaf.descriptorPath, own ?? leaf.descriptorPath].map((path) => dirname(path)))
  for (const path of await regularFiles([...directories])) {
    if (leaf.files.includes(path) || path === own) continue
    if (/\.vmdk$/i.test(path)) await refuseUserDisk(leaf, path)
    else if (own !== undefined && /\.vmx$/i.test(path)) await refuseUserVm(leaf, path)
  }
}

async function regularFiles(directories: readonly string[]): Promise<string[]> {
  const names = await Promise.all(
    directories.map(async (directory) => (await readdir(directory)).map((name) => join(directory, name))),
  )
  const found = await Promise.all(names.flat().map(regularFile))
  return [...new Set(found)].filter((path) => path !== undefined)
}

async function refuseUserDisk(leaf: DiskLink, path: string): Promise<void> {
  const file = await readDiskFile(path).catch(() => undefined)
  if (!file || !('descriptor' in file) || !file.descriptor) return
  const document = DescriptorDocument.parse(file.descriptor)
  for (const hint of readName(document, document.get('parentFileNameHint') ?? '')) {
    if (await isParent(leaf, hint, document, path))
      throw new VmcloneError('DISK_HAS_CHILDREN', `${leaf.descriptorPath} is the parent of ${path}`)
  }
  for (const { name = '' } of file.kind === 'text' ? document.extents : []) {
    const used = readName(document, name).map((text) => resolve(dirname(path), text))
    const shared = used.find((extent) => leaf.files.includes(extent))
    if (shared !== undefined) throw new VmcloneError('DISK_SHARED', `${shared} belongs to ${path} too`)
  }
}

async function isParent(
  leaf: DiskLink,
  hint: string,
  document: DescriptorDocument,
  path: string,
): Promise<boolean> {
  if (hint === '') return false
  const named = isWindowsPath(hint) ? undefined : await regularFile(resolve(dirname(path), hint))
  if (named !== undefined) return named === leaf.descriptorPath
  const expected = (document.get('parentCID') ?? '').toLowerCase().padStart(8, '0')
  return anyBasename(hint) === basename(leaf.descriptorPath) && expected === leaf.cid
}

async function refuseUserVm(leaf: DiskLink, path: string): Promise<void> {
  for (const fileName of await diskNames(path)) {
    const named = isWindowsPath(fileName) ? undefined : await regularFile(resolve(dirname(path), fileName))
    const found = named ?? (await regularFile(join(dirname(path), anyBasename(fileName))))
    if (found === leaf.descriptorPath)
      throw new VmcloneError('DISK_SHARED', `${leaf.descriptorPath} is a disk of ${path} too`, {
        hint: 'Put each VM into a directory of its own, with disks of its own.',
      })
  }
}

/** Names of disks in a .vmx; none if it cannot be read as one. */
async function diskNames(path: string): Promise<string[]> {
  try {
    const vmx = VmxDocument.parse(new Uint8Array(await readFile(path)), path)
    return vmx
      .keys()
      .filter((key) => /\.fileName$/i.test(key))
      .flatMap((key) => vmx.get(key) ?? [])
      .filter((name) => name !== '')
  } catch {
    return []
  }
}
