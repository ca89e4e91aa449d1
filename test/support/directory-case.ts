import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { openDirectory } from '../../src/guest/directory/directory.ts'
import type { GuestTree } from '../../src/guest/tree.ts'
import type { Change, WriteChange } from '../../src/transaction/change.ts'

const common = { at: 'guest', operation: 'test', summary: 'test' } as const

export const write = (path: string, text: string, more: Partial<WriteChange> = {}): Change => {
  return { ...common, kind: 'write', path, after: Buffer.from(text), ...more }
}
export const remove = (path: string, tree = false): Change => ({ ...common, kind: 'remove', path, tree })
export const link = (path: string, target: string): Change => ({ ...common, kind: 'link', path, target })
/** What a new file needs. */
export const CREATED = { mode: 0o640, owner: { uid: 7, gid: 8 } }

/** A little guest in a directory; beside it, in `outside`, lies a file `hostname` that no test may touch. */
export class DirectoryCase {
  readonly outside: string
  readonly root: string

  constructor(scratch: string) {
    this.outside = mkdtempSync(join(scratch, 'case-'))
    this.root = join(this.outside, 'guest')
    this.put('etc/os-release', 'ID=debian\n')
    this.put('etc/hostname', 'template\n')
    this.put('usr/bin/true', '')
    this.put('var/lib/dhcp/dhclient.leases', 'lease {}\n')
    writeFileSync(join(this.outside, 'hostname'), 'host\n')
  }

  put(path: string, text: string, mode = 0o644): string {
    const at = join(this.root, path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, text)
    chmodSync(at, mode)
    return at
  }

  /** Makes changes, and lets them stand if they can all be made and are found again. */
  async apply(...changes: readonly Change[]): Promise<void> {
    const guest = await openDirectory(this.root)
    try {
      await guest.write(changes)
      expect(await guest.verify(changes)).toEqual([])
      guest.commit()
    } finally {
      await guest.close()
    }
  }

  async read(...paths: readonly string[]): Promise<GuestTree> {
    const guest = await openDirectory(this.root)
    return guest.read(paths).finally(() => guest.close())
  }

  /** Every path with its attributes and content, names as bytes. */
  picture(): string {
    const script = `find . -printf '%p %y %m %U:%G %i %l\\n' | LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort`
    return execFileSync('sh', ['-c', script], { cwd: this.root, encoding: 'latin1' })
  }
}
