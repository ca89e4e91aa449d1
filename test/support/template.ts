import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CloneKind, Template } from '../../src/machine/clone/template.ts'
import { type DiskLink, NO_PARENT } from '../../src/machine/disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../../src/machine/disk/mend.ts'
import { readNics } from '../../src/machine/vmx/nics.ts'
import { createVmdk, writePattern } from './qemu.ts'
import { vmxOf } from './vmx.ts'

/** A .vmx with these disks, one character a byte. */
export function templateVmx(name: string, disks: readonly string[], more: readonly string[] = []): string {
  const lines = [
    '.encoding = "UTF-8"',
    'config.version = "8"',
    'virtualHW.version = "18"',
    `displayName = "${name}"`,
    `nvram = "${name}.nvram"`,
    `extendedConfigFile = "${name}.vmxf"`,
    'scsi0.present = "TRUE"',
    ...disks.flatMap((disk, i) => [`scsi0:${i}.present = "TRUE"`, `scsi0:${i}.fileName = "${disk}"`]),
    ...more,
    '',
  ]
  return lines.join('\n')
}

/** A VM without a guest: each disk holds 64 KiB of a byte of its own (0x50 + its number) at 2 MiB. Returns its .vmx. */
export async function makeTemplate(
  directory: string,
  options: {
    readonly name?: string
    readonly disks?: readonly string[]
    readonly subformat?: string
    readonly size?: string
    readonly vmx?: readonly string[]
  } = {},
): Promise<string> {
  const { name = 'base', disks = ['base.vmdk'], subformat = 'monolithicSparse', size, vmx = [] } = options
  await mkdir(directory, { recursive: true })
  for (const [i, disk] of disks.entries()) {
    const path = join(directory, disk)
    await createVmdk(path, `subformat=${subformat},adapter_type=lsilogic,hwversion=18`, size)
    await writePattern(path, 0x50 + i, '2M')
    await mendDescriptor(path, await originalDescriptor(path))
  }
  const path = join(directory, `${name}.vmx`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, templateVmx(name, disks, vmx))
  await writeFile(join(directory, `${name}.nvram`), 'NVRAM')
  return path
}

/** A template of that .vmx text, one character a byte, in /vms/base; its disks are names only. */
export function templateOf(
  vmx: string,
  options: { readonly disks?: number; readonly kind?: CloneKind; readonly parentDirectory?: string } = {},
): Template {
  const { disks = 1, kind = 'full', parentDirectory = '/vms/base' } = options
  const document = vmxOf(vmx)
  return {
    vmxPath: '/vms/base/base.vmx',
    directory: '/vms/base',
    name: 'base',
    vmx: document,
    nics: readNics(document),
    kind,
    disks: Array.from({ length: disks }, (_, i) => ({
      node: `scsi0:${i}`,
      chain: { leaf: linkOf(`${parentDirectory}/base-${i}.vmdk`), parents: [], capacity: 1 << 30 },
    })),
  }
}

function linkOf(descriptorPath: string): DiskLink {
  return {
    descriptorPath,
    createType: 'monolithicSparse',
    cid: '11111111',
    parentCid: NO_PARENT,
    parentHints: [],
    embedded: true,
    extents: [],
    capacity: 1 << 30,
    files: [descriptorPath],
    plain: true,
    changeTracking: false,
  }
}
