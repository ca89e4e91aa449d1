import { createPrivateKey, randomBytes } from 'node:crypto'
import { wireNumber, wireString, wireUint32 } from './ssh-wire.ts'

/** A private key as Node exports it as a JWK (RFC 7517): its numbers big-endian, in base64url. */
export type PrivateJwk = Readonly<Record<string, unknown>>

/** A key as OpenSSH writes it. */
interface Encoded {
  /** "ssh-ed25519" */
  readonly word: string
  readonly publicFields: readonly Uint8Array[]
  readonly privateFields: readonly Uint8Array[]
  /** Bytes that the private fields of most keys of this type have. */
  readonly usual: number
}

const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1')
/** Of the cipher "none", in bytes. */
const BLOCK = 8
const PADDING = Uint8Array.from({ length: BLOCK }, (_, at) => at + 1)

/** The public half as one line: "ssh-ed25519 AAAA… root@node1" and a line feed. */
export function publicKeyText(jwk: PrivateJwk, comment: string): string {
  const key = encoded(jwk)
  return `${key.word} ${publicBlob(key).toString('base64')} ${comment}\n`
}

/**
 * The private half in OpenSSH's own form, without a passphrase (PROTOCOL.key in OpenSSH's sources). Keys of one type with
 * comments of one length give texts of one length; undefined for the few whose numbers are too short or too long for that.
 */
export function privateKeyText(jwk: PrivateJwk, comment: string): string | undefined {
  const key = encoded(jwk)
  const secrets =
    section(key, comment) ?? (jwk.kty === 'RSA' ? section(encoded(swapped(jwk)), comment) : undefined)
  if (secrets === undefined) return undefined
  const [none, noOptions, one] = [wireString('none'), wireString(''), wireUint32(1)]
  const file = [MAGIC, none, none, noOptions, one, wireString(publicBlob(key)), wireString(secrets)]
  const lines =
    Buffer.concat(file)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}

/** The private half as PEM (RFC 8017, RFC 5915); an Ed25519 key, which has no such form, in OpenSSH's own. */
export function privateKeyPem(jwk: PrivateJwk, comment: string): string | undefined {
  if (jwk.kty === 'OKP') return privateKeyText(jwk, comment)
  const type = jwk.kty === 'RSA' ? 'pkcs1' : 'sec1'
  return String(createPrivateKey({ key: jwk, format: 'jwk' }).export({ type, format: 'pem' }))
}

function section({ word, privateFields, usual }: Encoded, comment: string): Buffer | undefined {
  const check = randomBytes(4)
  const fields = Buffer.concat([check, check, wireString(word), ...privateFields, wireString(comment)])
  const length = wholeBlocks(fields.length)
  const own = Buffer.concat(privateFields).length
  return length === wholeBlocks(fields.length - own + usual)
    ? Buffer.concat([fields, PADDING], length)
    : undefined
}

/** The same RSA key with its primes in the other order, which is as good (RFC 8017, 3.2): only their coefficient differs. */
function swapped(jwk: PrivateJwk): PrivateJwk {
  const [p, q, coefficient] = [numberOf(jwk.p), numberOf(jwk.q), numberOf(jwk.qi)]
  // q · coefficient = 1 + k · p, so the inverse of p modulo q is q - k.
  const hex = (q - (q * coefficient - 1n) / p).toString(16)
  const qi = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
  return { ...jwk, p: jwk.q, q: jwk.p, dp: jwk.dq, dq: jwk.dp, qi }
}

function encoded(jwk: PrivateJwk): Encoded {
  if (jwk.kty === 'RSA') return encodedRsa(jwk)
  if (jwk.kty === 'EC') {
    const curve = wireString('nistp256')
    const point = wireString(Buffer.concat([Uint8Array.of(4), bytes(jwk.x), bytes(jwk.y)]))
    return {
      word: 'ecdsa-sha2-nistp256',
      publicFields: [curve, point],
      privateFields: [curve, point, wireNumber(bytes(jwk.d))],
      usual: curve.length + point.length + 4 + 32,
    }
  }
  const [seed, point] = [bytes(jwk.d), wireString(bytes(jwk.x))]
  const privateFields = [point, wireString(Buffer.concat([seed, bytes(jwk.x)]))]
  return { word: 'ssh-ed25519', publicFields: [point], privateFields, usual: 4 + 32 + 4 + 64 }
}

function encodedRsa(jwk: PrivateJwk): Encoded {
  const number = (name: string): Buffer => wireNumber(bytes(jwk[name]))
  const [n, e, d, qi, p, q] = [number('n'), number('e'), number('d'), number('qi'), number('p'), number('q')]
  return {
    word: 'ssh-rsa',
    publicFields: [e, n],
    privateFields: [n, e, d, qi, p, q],
    // The exponent is below lcm(p - 1, q - 1), shorter than n by a bit or more; a coefficient below p's top bit is as likely as not.
    usual: n.length + e.length + (n.length - 1) + (p.length - 1) + p.length + q.length,
  }
}

function publicBlob({ word, publicFields }: Encoded): Buffer {
  return Buffer.concat([wireString(word), ...publicFields])
}

function bytes(base64url: unknown): Buffer {
  return Buffer.from(String(base64url), 'base64url')
}

function numberOf(base64url: unknown): bigint {
  return BigInt(`0x${bytes(base64url).toString('hex')}`)
}

function wholeBlocks(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK
}
