import type { ByteText } from '../formats/bytes.ts'

/** A DHCP server's answer, RFC 2131. */
export interface DhcpMessage {
  /** The client's address, a dotted quad. */
  readonly address: string
  /** The addresses in an option; none if it is absent or of another length. */
  addresses(option: number): string[]
  /** The text of an option, up to a NUL; empty if it is absent. */
  text(option: number): string
}

const COOKIE = '\x63\x82\x53\x63'
const [ADDRESS_AT, COOKIE_AT, PAD, END] = [16, 236, 0, 255]

/** Reads a message; undefined if it is none, or gives no address. Options that are cut short do not count. */
export function dhcpMessage(bytes: ByteText): DhcpMessage | undefined {
  const options = COOKIE_AT + COOKIE.length
  if (bytes[0] !== '\x02' || bytes.slice(COOKIE_AT, options) !== COOKIE) return undefined
  const address = quad(bytes, ADDRESS_AT)
  if (address === '0.0.0.0') return undefined
  const values = optionsIn(bytes, options)
  return {
    address,
    addresses(option) {
      const value = values.get(option) ?? ''
      return value.length % 4 === 0
        ? Array.from({ length: value.length / 4 }, (_, i) => quad(value, i * 4))
        : []
    },
    text: (option) => (values.get(option) ?? '').split('\0', 1)[0] ?? '',
  }
}

function optionsIn(bytes: ByteText, start: number): ReadonlyMap<number, ByteText> {
  const values = new Map<number, ByteText>()
  for (let at = start; at < bytes.length; ) {
    const code = bytes.charCodeAt(at++)
    if (code === PAD) continue
    if (code === END || at === bytes.length) break
    const end = at + 1 + bytes.charCodeAt(at)
    if (end > bytes.length) break
    // An option may stand several times, and is then one: RFC 3396.
    values.set(code, (values.get(code) ?? '') + bytes.slice(at + 1, end))
    at = end
  }
  return values
}

function quad(bytes: ByteText, at: number): string {
  return [0, 1, 2, 3].map((i) => bytes.charCodeAt(at + i)).join('.')
}
