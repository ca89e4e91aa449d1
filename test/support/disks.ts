import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from 'vitest'

const FIXTURES = fileURLToPath(new URL('../../fixtures/vmdk/', import.meta.url))

/** Header and empty grain tables' place of a hosted sparse extent, enough for everything that reads headers only. */
export function sparseHeader(
  sectors: number,
  {
    version = 1,
    flags = 3,
    descriptor = '',
    gdOffset = 21n,
  }: { version?: number; flags?: number; descriptor?: string; gdOffset?: bigint } = {},
): Buffer {
  const bytes = Buffer.alloc(64 * 1024)
  bytes.write('KDMV', 'latin1')
  bytes.writeUInt32LE(version, 4)
  bytes.writeUInt32LE(flags, 8)
  bytes.writeBigUInt64LE(BigInt(sectors), 12)
  bytes.writeBigUInt64LE(128n, 20)
  bytes.writeBigUInt64LE(descriptor === '' ? 0n : 1n, 28)
  bytes.writeBigUInt64LE(descriptor === '' ? 0n : 20n, 36)
  bytes.writeUInt32LE(512, 44)
  bytes.writeBigUInt64LE(gdOffset, 56)
  bytes.write(descriptor, 512, 'latin1')
  return bytes
}

/** A descriptor of the fixtures, as bytes. */
export function fixture(name: string): Promise<Buffer> {
  return readFile(join(FIXTURES, name))
}

/** For each test a new directory, links resolved, that goes away after it; the result gives its path. */
export function useDirectory(): () => string {
  let path = ''
  beforeEach(async () => {
    path = await realpath(await mkdtemp(join(tmpdir(), 'vmclone-fix-test-')))
  })
  afterEach(() => rm(path, { recursive: true, force: true }))
  return () => path
}

/** Puts files into a directory. */
export async function put(directory: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
}

/** Text of a split disk's descriptor with one sparse extent of 64 MiB. */
export function splitDescriptor(
  extent: string,
  {
    cid = '11111111',
    parentCid = 'ffffffff',
    hint,
  }: { cid?: string; parentCid?: string; hint?: string } = {},
): string {
  return [
    '# Disk DescriptorFile',
    'version=1',
    `CID=${cid}`,
    `parentCID=${parentCid}`,
    'createType="twoGbMaxExtentSparse"',
    ...(hint === undefined ? [] : [`parentFileNameHint="${hint}"`]),
    '# Extent description',
    `RW 131072 SPARSE "${extent}"`,
    '',
  ].join('\n')
}
