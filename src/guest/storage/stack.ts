/** One script for all devices, which takes no argument from the guest. */
export const STACK_SCRIPT = 'lsblk -rno KNAME,TYPE,NAME,PKNAME; echo =; dmsetup table'

export interface Row {
  readonly kernelName: string
  readonly type: string
  readonly name: string
  readonly parent?: string
}

/** What STACK_SCRIPT printed. */
export interface Stack {
  /** One for each pair of a device and one that it stands on. */
  readonly rows: readonly Row[]
  /** Types of device-mapper targets by the mapped device's name. */
  readonly targets: ReadonlyMap<string, ReadonlySet<string>>
}

/** True for disks and their partitions as the appliance names them: nothing lies between them and the image. */
export function isPlainDevice(device: string): boolean {
  return /^\/dev\/[hsv]d[a-z]+\d*$/.test(device)
}

export function parseStack(output: string): Stack {
  const [list = '', table = ''] = output.split(/^=\n/m)
  const rows = list.split('\n').flatMap((line): Row[] => {
    const [kernelName = '', type = '', name = '', parent = ''] = line.split(' ')
    return name === '' ? [] : [{ kernelName, type, name, ...(parent === '' ? {} : { parent }) }]
  })
  const targets = new Map<string, Set<string>>()
  for (const [, name = '', target = ''] of table.matchAll(/^(\S+): \d+ \d+ (\S+)/gm))
    targets.set(name, (targets.get(name) ?? new Set()).add(target))
  return { rows, targets }
}

/** Why what is written to a device does not lie in the images at one place as it is; undefined if it does. */
export function detourOf(device: string, stack: Stack): string | undefined {
  const rows = rowsUnder(device, stack)
  if (rows.length === 0) return `nothing is known of what ${device} stands on`
  for (const { type, name } of rows) {
    if (type === 'lvm') {
      const kinds = [...(stack.targets.get(name) ?? ['unknown'])]
      const other = kinds.find((kind) => kind !== 'linear')
      if (other !== undefined) return `it is on a logical volume of type ${other}`
    } else if (type !== 'disk' && type !== 'part') return `it is on ${type}`
  }
  return undefined
}

/** A device and all that it stands on. */
export function rowsUnder(device: string, { rows }: Stack): Row[] {
  const name = mapperName(device)
  const found = new Set(rows.filter((row) => row.name === name))
  // What is added to a set while it is walked through is come to as well.
  for (const { parent } of found) for (const row of rows) if (row.kernelName === parent) found.add(row)
  return [...found]
}

/** The volume group of a logical volume. */
export function groupOf({ type, name }: Row): string | undefined {
  return type === 'lvm' ? /^((?:[^-]|--)+)-(?!-)/.exec(name)?.[1]?.replaceAll('--', '-') : undefined
}

/** True if something that is no part of this group stands on a logical volume of it, such as an encrypted volume that is open. */
export function isBuiltUpon(group: string, { rows }: Stack): boolean {
  const own = new Set(rows.filter((row) => groupOf(row) === group).map(({ kernelName }) => kernelName))
  return rows.some((row) => groupOf(row) !== group && own.has(row.parent ?? ''))
}

/** The name that device-mapper gives a logical volume, in which each hyphen of its two names is doubled; else the last part. */
export function mapperName(device: string): string {
  const [group = '', volume] = device.replace(/^\/dev\/(mapper\/)?/, '').split('/')
  return volume === undefined ? group : [group, volume].map((part) => part.replaceAll('-', '--')).join('-')
}
