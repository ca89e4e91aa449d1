import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostKeyPair } from '../../src/identity/identity.ts'
import { startKeyPool } from '../../src/identity/key-pool.ts'
import { HOST_KEY_TYPES } from '../../src/identity/ssh-keys.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'key-test-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Files of a pair; the path of the private one. */
async function written(pair: HostKeyPair, name: string): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, pair.privateKey)
  await chmod(file, 0o600)
  await writeFile(`${file}.pub`, pair.publicKey)
  return file
}

/** What OpenSSH's own tools find in a pair; throws where they refuse it. Its private half signs what its public half must accept. */
async function judged(file: string): Promise<{ publicLine: string; listed: string }> {
  const { stdout: publicLine } = await execa('ssh-keygen', ['-y', '-P', '', '-f', file])
  const { stdout: listed } = await execa('ssh-keygen', ['-l', '-f', file])
  const signed = ['-q', '-Y', 'sign', '-n', 'test', '-f', file]
  const { stdout: signature } = await execa('ssh-keygen', signed, { input: 'content' })
  await writeFile(`${file}.sig`, `${signature}\n`)
  const signers = `${file}.signers`
  await writeFile(signers, `somebody ${publicLine}\n`)
  const verified = ['-q', '-Y', 'verify', '-n', 'test', '-I', 'somebody', '-f', signers, '-s', `${file}.sig`]
  await execa('ssh-keygen', verified, { input: 'content' })
  return { publicLine, listed }
}

async function pairsOf(comment: string, pem: readonly string[] = []): Promise<HostKeyPair[]> {
  const pool = startKeyPool()
  try {
    return await pool.take(HOST_KEY_TYPES, comment, pem)
  } finally {
    pool.close()
  }
}

describe('host keys', () => {
  it('are pairs that OpenSSH reads, lists, signs with and starts a server on', async () => {
    const files: string[] = []
    for (const pair of await pairsOf('root@node1')) {
      const file = await written(pair, pair.type)
      files.push(file)
      const { publicLine, listed } = await judged(file)
      expect(`${publicLine}\n`).toBe(Buffer.from(pair.publicKey).toString())
      const bits = { rsa: 3072, ecdsa: 256, ed25519: 256 }[pair.type]
      expect(listed).toBe(`${bits} ${pair.fingerprint} root@node1 (${pair.type.toUpperCase()})`)
    }
    await mkdir('/run/sshd', { recursive: true })
    const config = join(directory, 'sshd_config')
    await writeFile(config, files.map((file) => `HostKey ${file}\n`).join(''))
    expect((await execa('/usr/sbin/sshd', ['-t', '-f', config])).stderr).toBe('')
  })

  it('have the form that ssh-keygen itself gives them', async () => {
    for (const pair of await pairsOf('root@node1')) {
      const file = await written(pair, `again-${pair.type}`)
      const given = Buffer.from(pair.privateKey).toString()
      await execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', '', '-f', file])
      const { stdout: own } = await execa('cat', [file])
      // All but the check number and what follows it in base64 lines: same length, same head, same public half.
      expect(`${own}\n`).toHaveLength(given.length)
      expect(own.slice(0, 120)).toBe(given.slice(0, 120))
    }
  })

  it('come as PEM where that is asked for', async () => {
    const pairs = await pairsOf('root@old', HOST_KEY_TYPES)
    const heads = pairs.map(({ privateKey }) => Buffer.from(privateKey).toString().split('\n')[0])
    expect(heads).toEqual(['RSA', 'EC', 'OPENSSH'].map((word) => `-----BEGIN ${word} PRIVATE KEY-----`))
    for (const pair of pairs) {
      const { publicLine, listed } = await judged(await written(pair, `pem-${pair.type}`))
      expect(Buffer.from(pair.publicKey).toString()).toContain(publicLine.split(' ', 2).join(' '))
      expect(listed).toContain(pair.fingerprint)
    }
  })

  it('have one length for comments of one length, whatever their numbers', async () => {
    const pool = startKeyPool({ clones: 8 })
    try {
      // 3 and 0 modulo 8: where a byte more or less of RSA's coefficient or ECDSA's exponent changes the length.
      for (const comment of ['root@nodes1', 'root@nod']) {
        const sets = await Promise.all(Array.from({ length: 8 }, () => pool.take(HOST_KEY_TYPES, comment)))
        for (const [at, type] of HOST_KEY_TYPES.entries()) {
          const pairs = sets.map((set) => set[at] as HostKeyPair)
          const lengths = pairs.map(({ privateKey, publicKey }) => `${privateKey.length} ${publicKey.length}`)
          expect(new Set(lengths).size, `${type} ${comment}`).toBe(1)
          expect(new Set(pairs.map(({ fingerprint }) => fingerprint)).size).toBe(8)
          for (const [index, pair] of pairs.entries()) {
            const { publicLine } = await judged(await written(pair, `${comment}-${type}-${index}`))
            expect(`${publicLine}\n`).toBe(Buffer.from(pair.publicKey).toString())
          }
        }
      }
    } finally {
      pool.close()
    }
  })
})

describe('startKeyPool', () => {
  it('makes a type that was not begun', async () => {
    const pool = startKeyPool({ types: [], concurrency: 1 })
    expect((await pool.take(['ed25519'], 'root@a')).map(({ type }) => type)).toEqual(['ed25519'])
    pool.close()
  })

  it('stops what is being made when it is closed, and makes nothing afterwards', async () => {
    const pool = startKeyPool({ clones: 1000 })
    const asked = pool.take(['rsa'], 'root@a')
    pool.close()
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect(pool.take(['ed25519'], 'root@a')).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  it('stops when it is told to, at once or later', async () => {
    const pool = startKeyPool({ signal: AbortSignal.abort() })
    await expect(pool.take(['ed25519'], 'root@a')).rejects.toMatchObject({ code: 'INTERRUPTED' })
    const controller = new AbortController()
    const other = startKeyPool({ signal: controller.signal })
    const asked = other.take(['rsa'], 'root@a')
    controller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  it('says so when the process that makes them dies', async () => {
    const pool = startKeyPool()
    const asked = pool.take(['rsa', 'rsa', 'rsa', 'rsa'], 'root@a')
    const { stdout } = await execa('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='])
    const child = stdout.split('\n').find((line) => line.includes('generateKeyPair'))
    process.kill(Number.parseInt(child as string, 10), 'SIGKILL')
    await expect(asked).rejects.toMatchObject({
      code: 'KEYGEN_FAILED',
      message: expect.stringContaining('SIGKILL'),
    })
  })

  it('is not asked for what no server has', async () => {
    const pool = startKeyPool({ types: [] })
    await expect(pool.take(['dsa'], 'root@a')).rejects.toThrow(RangeError)
    pool.close()
  })
})
