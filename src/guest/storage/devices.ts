import { diskName } from './disk-name.ts'
import type { BlockFact } from './facts.ts'

/** The device that an fstab names. */
export function deviceOf(blocks: readonly BlockFact[], spec: string): BlockFact | undefined {
  const [, tag, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/s.exec(spec) ?? []
  const same = (a: string | undefined): boolean => a?.toLowerCase() === value.toLowerCase()
  if (tag === 'UUID') return blocks.find((block) => same(block.uuid))
  if (tag === 'LABEL') return blocks.find((block) => block.label === value)
  if (tag === 'PARTUUID') return blocks.find((block) => same(block.partUuid))
  if (tag === 'PARTLABEL') return blocks.find((block) => block.partLabel === value)
  const byLink = /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.*)$/s.exec(spec)
  if (byLink) return deviceOf(blocks, `${byLink[1]?.toUpperCase()}=${unmangle(byLink[2] ?? '')}`)
  const names = spellings(spec)
  return (
    blocks.find(({ aliases = [] }) => aliases.some((alias) => names.includes(alias))) ??
    blocks.find(({ device }) => names.includes(device))
  )
}

/** The plain side of an encrypted volume; the volume itself while it is locked, and for all else. */
export function plainSideOf(blocks: readonly BlockFact[], block: BlockFact): BlockFact {
  return blocks.find(({ container }) => container === block.device) ?? block
}

/** Device-mapper's name of an LV, and the names that other buses give the same disk. */
function spellings(spec: string): string[] {
  const mapper = /^\/dev\/mapper\/((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(spec)
  if (mapper) return [`/dev/${mapper[1]?.replaceAll('--', '-')}/${mapper[2]?.replaceAll('--', '-')}`]
  const disk = /^\/dev\/(?:[hsv]|xv)d([a-z]+\d*)$/.exec(spec)
  if (disk) return [`/dev/sd${disk[1]}`]
  const nvme = /^\/dev\/nvme(\d{1,3})n1(?:p(\d+))?$/.exec(spec)
  if (nvme) return [`${diskName(Number(nvme[1]))}${nvme[2] ?? ''}`]
  return [spec]
}

/** udev writes odd bytes of labels as \xNN. */
function unmangle(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
