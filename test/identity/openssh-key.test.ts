import { generateKeyPairSync } from 'node:crypto'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type PrivateJwk, privateKeyText, publicKeyText } from '../../src/identity/openssh-key.ts'

const jwk = (key: { export(options: { format: 'jwk' }): unknown }) =>
  key.export({ format: 'jwk' }) as PrivateJwk
const several = (make: () => PrivateJwk) => fc.constantFrom(...Array.from({ length: 40 }, make))
const KEYS: Readonly<Record<string, fc.Arbitrary<PrivateJwk>>> = {
  // Small, so that many can be made; the form is the same.
  rsa: several(() => jwk(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey)),
  ecdsa: several(() => jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)),
  ed25519: several(() => jwk(generateKeyPairSync('ed25519').privateKey)),
}
const comments = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\n'))

/** Strings as SSH writes them, until the bytes end. */
function strings(data: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 4 <= data.length; ) {
    const length = data.readUInt32BE(at)
    found.push(data.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return found
}

function opened(text: string): { publicBlob: Buffer; section: Buffer } {
  const data = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64')
  expect(data.subarray(0, 15).toString()).toBe('openssh-key-v1\0')
  const [cipher, kdf, options] = strings(data.subarray(15))
  expect([cipher, kdf, options].map(String)).toEqual(['none', 'none', ''])
  const [publicBlob, section] = strings(data.subarray(15 + 8 + 8 + 4 + 4))
  return { publicBlob: publicBlob as Buffer, section: section as Buffer }
}

describe.each(Object.entries(KEYS))('a private key of type %s', (type, made) => {
  test.prop([made, comments])('holds its public half, its comment and nothing unread', (key, comment) => {
    const text = privateKeyText(key, comment)
    if (text === undefined) return
    const { publicBlob, section } = opened(text)
    expect(publicKeyText(key, comment)).toBe(
      `${strings(publicBlob)[0]} ${publicBlob.toString('base64')} ${comment}\n`,
    )
    expect(section.length % 8).toBe(0)
    expect(section.readUInt32BE(0)).toBe(section.readUInt32BE(4))
    const count = { rsa: 8, ecdsa: 5, ed25519: 4 }[type] as number
    const fields = strings(section.subarray(8)).slice(0, count)
    expect(fields.at(-1)?.toString()).toBe(comment)
    const end = 8 + fields.reduce((sum, field) => sum + 4 + field.length, 0)
    expect([...section.subarray(end)]).toEqual([1, 2, 3, 4, 5, 6, 7].slice(0, section.length - end))
  })

  test.prop([fc.array(made, { minLength: 5, maxLength: 5 }), comments])(
    'is as long as every other one with a comment of that length',
    (keys, comment) => {
      const texts = keys.flatMap((key) => privateKeyText(key, comment) ?? [])
      expect(new Set(texts.map((text) => text.length)).size).toBeLessThanOrEqual(1)
    },
  )
})

test.prop([KEYS.rsa as fc.Arbitrary<PrivateJwk>, comments])(
  'an RSA key keeps its numbers consistent in whatever order its primes stand',
  (key, comment) => {
    const text = privateKeyText(key, comment)
    if (text === undefined) return
    const fields = strings(opened(text).section.subarray(8)).slice(1, 7)
    const [n, e, d, qi, p, q] = fields.map((field) => BigInt(`0x${field.toString('hex')}`))
    if (n === undefined || e === undefined || d === undefined || qi === undefined || !p || !q)
      throw new Error('no key')
    expect(p * q).toBe(n)
    expect((q * qi) % p).toBe(1n)
    expect([(d * e) % (p - 1n), (d * e) % (q - 1n)]).toEqual([1n, 1n])
  },
)
