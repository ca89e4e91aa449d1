import { VmcloneError } from '../../errors/index.ts'

/** How the extents of a createType hold their data. */
export type Layout = 'sparse' | 'flat'

/** What is done with a disk. What qemu refuses to write is no fault in one that is only read: a parent, or a template's. */
export type Use = 'written' | 'read'

/** createTypes that can be used, in lower case. `qemu`: whether qemu knows the name. */
const TYPES: ReadonlyMap<
  string,
  { readonly layout: Layout; readonly qemu: boolean; readonly readOnly?: true }
> = new Map([
  ['streamoptimized', { layout: 'sparse', qemu: true, readOnly: true }],
  ['monolithicsparse', { layout: 'sparse', qemu: true }],
  ['twogbmaxextentsparse', { layout: 'sparse', qemu: true }],
  ['2gbmaxextentsparse', { layout: 'sparse', qemu: false }],
  ['monolithicflat', { layout: 'flat', qemu: true }],
  ['twogbmaxextentflat', { layout: 'flat', qemu: true }],
  ['2gbmaxextentflat', { layout: 'flat', qemu: false }],
  ['vmfs', { layout: 'flat', qemu: true }],
  ['vmfsthin', { layout: 'flat', qemu: false }],
  ['vmfspreallocated', { layout: 'flat', qemu: false }],
  ['vmfseagerzeroedthick', { layout: 'flat', qemu: false }],
])

/** Types that qemu reads but cannot write. */
const CONVERTIBLE = /^(streamoptimized|sesparse|vmfssparse)$/i
const RAW = /^(fulldevice|partitioneddevice|vmfsrdmp?|vmfsraw|vmfs(passthrough)?rawdevicemap)$/i

/** Layout of a createType. Throws DISK_TYPE_UNSUPPORTED or DISK_RAW_DEVICE with the command that helps. */
export function layoutOf(createType: string, path: string, use: Use): Layout {
  const found = TYPES.get(createType.toLowerCase())
  if (found && !(found.readOnly && use === 'written')) return found.layout
  if (RAW.test(createType))
    throw new VmcloneError('DISK_RAW_DEVICE', `${path} is of type ${createType}: a device of its host`)
  throw cannotWrite(path, `of type ${createType}`, CONVERTIBLE.test(createType) ? 'qemu' : 'vmware')
}

export function qemuKnows(createType: string): boolean {
  return TYPES.get(createType.toLowerCase())?.qemu === true
}

/** DISK_TYPE_UNSUPPORTED whose hint is the command that makes a writable copy, by qemu-img or, if it cannot, VMware's tool. */
export function cannotWrite(path: string, what: string, tool: 'qemu' | 'vmware'): VmcloneError {
  const copy = path.replace(/(\.vmdk)?$/i, '-writable.vmdk')
  const command =
    tool === 'qemu'
      ? `qemu-img convert -f vmdk -O vmdk -o subformat=monolithicSparse,adapter_type=lsilogic ${shellWord(path)} ${shellWord(copy)}`
      : `vmware-vdiskmanager -r ${shellWord(path)} -t 0 ${shellWord(copy)}`
  return new VmcloneError('DISK_TYPE_UNSUPPORTED', `${path} is ${what}, which cannot be written in place`, {
    hint: `Make a writable copy with \`${command}\` and name it in the .vmx.`,
  })
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
