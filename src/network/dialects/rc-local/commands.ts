import { splitLines } from '../../../formats/lines.ts'
import { type Cidr, parseCidr, parseIpv4 } from '../../ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../ipv6.ts'

/** An ip(8) command of a script that sets an address or a default route. */
export interface IpCommand {
  /** Index of its line. */
  readonly index: number
  readonly family: 4 | 6
  /** The address as written; absent: a default route. */
  readonly cidr?: Cidr
  readonly gateway?: string
  /** Absent: any. */
  readonly device?: string
  /** True where something else decides whether it runs, or it shares its line. */
  readonly conditional: boolean
}

const OPENS = /^\s*(if|for|while|until|case|select)\b|\{\s*$/
const CLOSES = /^\s*(fi|done|esac|\})(\s|;|$)/

/** Every address and default route that a script sets by ip commands that say all themselves. */
export function ipCommands(text: string): IpCommand[] {
  let depth = 0
  return splitLines(text).flatMap(({ text: line }, index): IpCommand[] => {
    if (/^\s*(#|$)/.test(line)) return []
    if (CLOSES.test(line)) depth = Math.max(0, depth - 1)
    if (OPENS.test(line) && !/\b(fi|done|esac)\s*$/.test(line)) depth++
    const command = /(?:^|[\s;&|(])((?:\/usr)?\/?(?:s?bin\/)?ip\s.*)$/.exec(line)?.[1]
    if (command === undefined) return []
    const conditional =
      depth > 0 || /[;&|$`()<>\\]/.test(line.replace(/#.*$/, '')) || !/^\s*(\/\S+\/)?ip\s/.test(line)
    const words = command
      .replace(/[;&|#].*$/, '')
      .trim()
      .split(/\s+/)
    const device = words[words.indexOf('dev') + 1]
    const common = {
      index,
      conditional,
      ...(words.includes('dev') && device !== undefined ? { device } : {}),
    }
    if (
      words.some((word) => /^addr(ess)?$|^a$/.test(word)) &&
      words.some((word) => /^(add|replace)$/.test(word))
    ) {
      const four = words.map(parseCidr).find((one) => one !== undefined)
      if (four) return [{ ...common, family: 4, cidr: four }]
      const six = words.map(parseCidr6).find((one) => one !== undefined)
      return six ? [{ ...common, family: 6, cidr: six }] : []
    }
    if (!words.some((word) => /^r(oute)?$/.test(word)) || !words.includes('default')) return []
    const gateway = words[words.indexOf('via') + 1] ?? ''
    if (parseIpv4(gateway) !== undefined) return [{ ...common, family: 4, gateway }]
    const six = canonicalIpv6(gateway)
    return six === undefined ? [] : [{ ...common, family: 6, gateway: six }]
  })
}
