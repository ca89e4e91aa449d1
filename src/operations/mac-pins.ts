import type { ByteText } from '../formats/bytes.ts'
import { editLines } from '../formats/lines.ts'
import type { MacChange } from '../network/model.ts'

const MAC =
  /(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z]|[:-][0-9A-Fa-f])/g

/** Puts new addresses in place of old ones; letter case and separator stay as they were written. */
export function replaceMac(text: ByteText, changes: readonly MacChange[]): ByteText {
  return text.replace(MAC, (written, separator: string) => {
    const mac = canonical(written)
    const to = changes.find(({ from }) => from.includes(mac))?.to
    if (to === undefined || to === mac) return written
    const spelled = to.replaceAll(':', separator)
    return /[A-F]/.test(written) ? spelled.toUpperCase() : spelled
  })
}

/** True if a line other than a comment names one of these addresses. */
export function holdsMac(text: ByteText, macs: readonly string[]): boolean {
  return text
    .split('\n')
    .filter((line) => !/^\s*[#;]/.test(line))
    .some((line) => [...line.matchAll(MAC)].some(([written]) => macs.includes(canonical(written))))
}

/** Takes the match on an old address out of udev rules that match the device's place as well. */
export function unpinRule(text: ByteText, from: readonly string[]): ByteText {
  return editLines(text, (line) => {
    if (/^\s*#/.test(line) || !/\b(KERNELS|ID_PATH|DEVPATH)\b[^,=]{0,64}==/.test(line)) return line
    return line.replace(
      /(?:ATTRS?\{address\}=="([^"]*)"\s*,\s*)|(?:,\s*ATTRS?\{address\}=="([^"]*)")/g,
      (match, a, b) => (from.includes(canonical(a ?? b)) ? '' : match),
    )
  })
}

/**
 * Takes an old address out of a .link file (systemd.link(5)): as the address that the interface is given, always;
 * as a match, if the file matches the device's place as well.
 */
export function unpinLink(text: ByteText, from: readonly string[]): ByteText {
  const placed = /^\s*Path\s*=\s*\S/m.test(text)
  return linkLines(text, (section, macs) => {
    const old = macs.length > 0 && macs.every((mac) => from.includes(mac))
    return !(old && (placed || section === 'Link'))
  })
}

/** Addresses that a .link file gives to its interface, whatever the hardware's are. */
export function overridingMacs(text: ByteText): string[] {
  const found: string[] = []
  linkLines(text, (section, macs) => {
    if (section === 'Link') found.push(...macs)
    return true
  })
  return found
}

function linkLines(text: ByteText, keep: (section: string, macs: readonly string[]) => boolean): ByteText {
  let section = ''
  return editLines(text, (line) => {
    section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1] ?? section
    const value = /^\s*(?:Permanent)?MACAddress\s*=(.*)$/.exec(line)?.[1]
    return value === undefined || keep(section, value.trim().split(/\s+/).filter(Boolean).map(canonical))
      ? line
      : undefined
  })
}

function canonical(mac: string): string {
  return mac.toLowerCase().replaceAll('-', ':')
}
