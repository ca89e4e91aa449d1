import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { startKeyForge } from '../../src/identity/key-forge.ts'
import { fingerprintOf, HOST_KEY_TYPES, makeHostKey } from '../../src/identity/ssh-keys.ts'

async function leftovers(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('vmclone-fix-key-'))
}

async function ssh(args: string[], content: Uint8Array): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'key-test-'))
  try {
    const file = join(directory, 'key')
    await writeFile(file, content, { mode: 0o600 })
    return (await execa('ssh-keygen', [...args, '-f', file])).stdout
  } finally {
    await rm(directory, { recursive: true })
  }
}

describe('makeHostKey', () => {
  it.each(HOST_KEY_TYPES)('makes a pair of type %s that ssh-keygen accepts', async (type) => {
    const pair = await makeHostKey(type, { comment: 'root@node1' })
    const publicKey = Buffer.from(pair.publicKey).toString()
    expect(pair.type).toBe(type)
    expect(publicKey).toMatch(/ root@node1\n$/)
    expect(await ssh(['-y', '-P', ''], pair.privateKey)).toBe(publicKey.trim())
    const [, fingerprint, comment] = (await ssh(['-l'], pair.publicKey)).split(' ')
    expect([pair.fingerprint, 'root@node1']).toEqual([fingerprint, comment])
    expect(fingerprintOf(publicKey)).toBe(fingerprint)
  })

  it('leaves nothing behind, whether it succeeds or fails', async () => {
    const before = await leftovers()
    await makeHostKey('ed25519', { comment: 'root@a' })
    await expect(makeHostKey('nosuch', { comment: 'root@a' })).rejects.toMatchObject({
      code: 'KEYGEN_FAILED',
    })
    expect(await leftovers()).toEqual(before)
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort()
    await expect(makeHostKey('rsa', { comment: 'root@a', signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })

  it('says what is missing', async () => {
    const path = process.env.PATH
    process.env.PATH = '/nonexistent'
    try {
      await expect(makeHostKey('rsa', { comment: 'root@a' })).rejects.toMatchObject({
        code: 'TOOL_MISSING',
        hint: expect.stringContaining('openssh-client'),
      })
    } finally {
      process.env.PATH = path
    }
  })
})

describe('startKeyForge', () => {
  it('gives what is asked for, in that order, each made once', async () => {
    const forge = startKeyForge({ comment: 'root@node2', types: ['ed25519', 'ecdsa'] })
    const pairs = await forge.take(['ecdsa', 'ed25519'])
    expect(pairs.map((pair) => pair.type)).toEqual(['ecdsa', 'ed25519'])
    expect(await forge.take(['ecdsa'])).toEqual([pairs[0]])
    expect(Buffer.from(pairs[0]?.publicKey ?? []).toString()).toContain('root@node2')
  })

  it('gives the private half as PEM where that is asked for, of the same pair', async () => {
    const types = ['rsa', 'ecdsa', 'ed25519']
    const before = await leftovers()
    const forge = startKeyForge({ comment: 'root@old', types })
    const [own, pem] = [await forge.take(types), await forge.take(types, types)]
    const heads = pem.map(({ privateKey }) => Buffer.from(privateKey).toString().split('\n')[0])
    expect(heads).toEqual(['RSA', 'EC', 'OPENSSH'].map((word) => `-----BEGIN ${word} PRIVATE KEY-----`))
    expect(pem.map(({ fingerprint }) => fingerprint)).toEqual(own.map(({ fingerprint }) => fingerprint))
    for (const { privateKey, publicKey } of pem) {
      const [type, blob] = (await ssh(['-y', '-P', ''], privateKey)).split(' ')
      expect(Buffer.from(publicKey).toString()).toContain(`${type} ${blob} `)
    }
    expect(await leftovers()).toEqual(before)
  })

  it('makes a type that was not begun', async () => {
    const forge = startKeyForge({ comment: 'root@node2', types: [], concurrency: 1 })
    expect((await forge.take(['ed25519'])).map((pair) => pair.type)).toEqual(['ed25519'])
  })

  it('is quiet about keys that nobody takes, and leaves nothing behind', async () => {
    const before = await leftovers()
    const forge = startKeyForge({ comment: 'root@node3' })
    forge.close()
    await expect(forge.take(['rsa'])).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect.poll(leftovers).toEqual(before)
  })
})

it('has no fingerprint for what is no key', () => {
  expect(fingerprintOf('nonsense')).toBeUndefined()
  expect(fingerprintOf('')).toBeUndefined()
})
