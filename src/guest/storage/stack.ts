/** One script for all devices, which takes no argument from the guest. */
export const STACK_SCRIPT = 'lsblk -rno KNAME,TYPE,NAME,PKNAME; echo =; dmsetup table'

interface Row {
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
export function detourOf(device: string, { rows, targets }: Stack): string | undefined {
  const name = mapperName(device)
  const queue = rows.filter((row) => row.name === name)
  if (queue.length === 0) return `nothing is known of what ${device} stands on`
  const seen = new Set<Row>()
  for (const row of queue) {
    if (seen.has(row)) continue
    seen.add(row)
    if (row.type === 'lvm') {
      const kinds = [...(targets.get(row.name) ?? ['unknown'])]
      const other = kinds.find((kind) => kind !== 'linear')
      if (other !== undefined) return `it is on a logical volume of type ${other}`
    } else if (row.type !== 'disk' && row.type !== 'part') return `it is on ${row.type}`
    queue.push(...rows.filter(({ kernelName }) => kernelName === row.parent))
  }
  return undefined
}

/** The name that device-mapper gives a logical volume, in which each hyphen of its two names is doubled; else the last part. */
function mapperName(device: string): string {
  const [group = '', volume] = device.replace(/^\/dev\/(mapper\/)?/, '').split('/')
  return volume === undefined ? group : [group, volume].map((part) => part.replaceAll('-', '--')).join('-')
}
