import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { readGolden } from './golden.ts'
import { layDown } from './golden-directory.ts'
import { KEY_FILE } from './layout-list.ts'
import { buildLayouts } from './layouts.ts'
import { TEMPLATE_LAYOUTS } from './template-layouts.ts'

/** A small Debian by DHCP; its .vmx puts the NIC where its interfaces file has it. */
const GUEST = 'fixtures/guests/debian12-ifupdown-dhcp-to-static'
const SUBFORMATS = ['twoGbMaxExtentSparse', 'monolithicSparse', 'monolithicFlat']

/** File below the directory that was given to buildLayoutTemplates: opens the template "luks". */
export const TEMPLATE_KEY = 'luks.key'

/**
 * Makes templates (not bootable) of these layouts, all without names, in one appliance: each a VM directory of its layout's name
 * below `directory`, with VMDKs of several subformats. Their .vmx by the layout's name.
 */
export async function buildLayoutTemplates(
  directory: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const scratch = await mkdtemp(join(directory, 'building-'))
  try {
    const layouts = TEMPLATE_LAYOUTS.filter(({ name }) => names.includes(name))
    const files = await packGuest(scratch)
    const built = await buildLayouts(scratch, layouts, () => [`tar-in ${files} /`])
    await writeFile(join(directory, TEMPLATE_KEY), KEY_FILE)
    const made = new Map<string, string>()
    let count = 0
    for (const [name, disks] of built) {
      const vm = join(directory, name)
      await mkdir(vm)
      for (const [index, disk] of disks.entries())
        await toVmdk(disk, join(vm, vmdkName(index)), SUBFORMATS[count++ % SUBFORMATS.length] ?? '')
      made.set(name, join(vm, 'template.vmx'))
      await writeFile(join(vm, 'template.vmx'), vmxText(disks.length), { mode: 0o755 })
    }
    return made
  } finally {
    await rm(scratch, { recursive: true })
  }
}

/** The guest's files as a tar, with SSH host keys of its own. */
async function packGuest(scratch: string): Promise<string> {
  const tree = join(scratch, 'tree')
  await mkdir(tree)
  layDown(readGolden(GUEST).before, tree)
  await execa('find', [join(tree, 'etc/ssh'), '-name', 'ssh_host_*', '-delete'])
  await execa('ssh-keygen', ['-q', '-A', '-f', tree])
  await execa('tar', ['-C', tree, '-cf', join(scratch, 'guest.tar'), '.'])
  return join(scratch, 'guest.tar')
}

function toVmdk(raw: string, path: string, subformat: string): Promise<unknown> {
  const options = `subformat=${subformat},adapter_type=lsilogic,hwversion=20`
  return execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vmdk', '-o', options, raw, path])
}

const vmdkName = (index: number) => (index === 0 ? 'template.vmdk' : `template-${index}.vmdk`)

function vmxText(disks: number): string {
  const bios = `564d${randomUUID().replaceAll('-', '').slice(4)}`
  const uuid = (bios.match(/../g) ?? []).join(' ').replace(/^(.{23}) /, '$1-')
  const mac = ['00:0c:29', ...bios.slice(-6).matchAll(/../g)].join(':')
  return [
    '.encoding = "UTF-8"',
    'config.version = "8"',
    'virtualHW.version = "20"',
    'displayName = "template"',
    'guestOS = "debian12-64"',
    'memsize = "512"',
    'scsi0.virtualDev = "lsilogic"',
    'scsi0.present = "TRUE"',
    ...Array.from({ length: disks }, (_, index) => [
      `scsi0:${index}.fileName = "${vmdkName(index)}"`,
      `scsi0:${index}.present = "TRUE"`,
    ]).flat(),
    'ethernet0.connectionType = "nat"',
    'ethernet0.addressType = "generated"',
    'ethernet0.virtualDev = "vmxnet3"',
    'ethernet0.present = "TRUE"',
    'ethernet0.pciSlotNumber = "33"',
    `ethernet0.generatedAddress = "${mac}"`,
    'ethernet0.generatedAddressOffset = "0"',
    `uuid.bios = "${uuid}"`,
    `uuid.location = "${uuid}"`,
    'cleanShutdown = "TRUE"',
    '',
  ].join('\n')
}
