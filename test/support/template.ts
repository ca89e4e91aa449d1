import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mendDescriptor, originalDescriptor } from '../../src/machine/disk/mend.ts'
import { createVmdk, writePattern } from './qemu.ts'

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
