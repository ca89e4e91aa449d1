import { VmcloneError } from '../../errors/index.ts'
import { type Change, guestFiles, type LinkChange, type WriteChange } from '../../transaction/change.ts'
import type { Guest } from '../guest.ts'
import type { Holding } from '../holding.ts'
import { readBy } from '../reader.ts'
import { SELINUX_READS, usesSelinux } from '../selinux.ts'
import type { GuestRead, GuestTree } from '../tree.ts'
import { compare, type Mismatch } from '../verify.ts'
import { checkPath, labelOf, nearestLabel } from '../writer.ts'
import { DirectoryFacts } from './facts.ts'
import { filesHolding } from './holding.ts'
import { Labels } from './labels.ts'
import { checkWritable } from './preflight.ts'
import { RootDirectory } from './root.ts'
import { refuseRoot } from './system-root.ts'
import { UndoLog } from './undo.ts'
import { applyChange } from './write.ts'

/**
 * A guest's root directory on this host as a guest. What `write` did is taken back by `close`, unless `commit` came before;
 * nothing between them gives way to other events, so that no signal handler of this process runs there.
 */
export interface DirectoryGuest extends Guest {
  /** Absolute, links resolved. */
  readonly path: string
  /** Writes everything out and lets it stand. Throws TREE_WRITE_FAILED. Gives the removed paths of which something could not be deleted. */
  commit(): string[]
}

/**
 * Opens a directory as a guest's root. Links in it are resolved inside it.
 * Throws TREE_NOT_FOUND, TREE_NOT_ACCESSIBLE, TREE_IS_SYSTEM_ROOT, NO_OPERATING_SYSTEM.
 */
export async function openDirectory(path: string): Promise<DirectoryGuest> {
  const root = new RootDirectory(path)
  try {
    refuseRoot(root)
    return new PlainDirectory(root, usesSelinux(await readBy(new DirectoryFacts(root), SELINUX_READS, false)))
  } catch (error) {
    root.close()
    throw error
  }
}

class PlainDirectory implements DirectoryGuest {
  readonly storage: readonly never[] = []
  readonly selinux: boolean
  readonly path: string
  readonly #root: RootDirectory
  readonly #log = new UndoLog()
  /** Labels that new files were given. */
  readonly #labels = new Map<string, string>()
  #closed = false

  constructor(root: RootDirectory, selinux: boolean) {
    this.#root = root
    this.path = root.path
    this.selinux = selinux
  }

  read(reads: readonly GuestRead[]): Promise<GuestTree> {
    return readBy(new DirectoryFacts(this.#root), reads, false)
  }

  async storageIds(): Promise<never[]> {
    return []
  }

  async holding(places: readonly string[], words: readonly string[]): Promise<Holding> {
    return filesHolding(this.#root, places, words)
  }

  async write(changes: readonly Change[]): Promise<void> {
    const guest = guestFiles(changes)
    const root = this.#root
    root.forget()
    const tree = await this.read(guest.map(({ path }) => ({ path, attributes: true })))
    for (const change of guest) checkPath(tree, change)
    checkWritable(root, guest)
    const labels = this.selinux ? new Labels(root) : undefined
    const fresh = guest.filter((change): change is WriteChange | LinkChange => isNew(change, tree))
    const labelled = labels && fresh.length > 0 ? await this.#findLabels(labels, fresh) : undefined
    try {
      for (const change of guest)
        applyChange(
          { root, log: this.#log, labelOf: (path) => labelled?.(path), ...(labels ? { labels } : {}) },
          change,
        )
    } catch (cause) {
      root.forget()
      this.#log.undo()
      throw asFailure(cause)
    }
  }

  async verify(changes: readonly Change[]): Promise<Mismatch[]> {
    this.#root.forget()
    const paths = guestFiles(changes).map(({ path }) => path)
    const labels = this.#labels.size > 0 ? new Labels(this.#root) : undefined
    const tree = await readBy(new DirectoryFacts(this.#root, labels), paths, labels !== undefined)
    return compare(changes, tree, this.#labels)
  }

  commit(): string[] {
    this.#root.forget()
    try {
      this.#log.sync()
    } catch (cause) {
      throw asFailure(cause)
    }
    return this.#log.keep()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#root.forget()
      this.#log.undo()
    } finally {
      this.#root.close()
    }
  }

  kill(): Promise<void> {
    return this.close()
  }

  /** The labels of new files and of the directories made for them; none if the directory's files have no labels. */
  async #findLabels(
    labels: Labels,
    fresh: readonly (WriteChange | LinkChange)[],
  ): Promise<((path: string) => string | undefined) | undefined> {
    const models = fresh.flatMap((change) =>
      change.kind === 'write' && change.labelLike !== undefined ? [change.labelLike] : [],
    )
    const reads = ['/etc', ...fresh.map(({ path }) => path), ...models]
    const facts = new DirectoryFacts(this.#root, labels)
    const tree = await readBy(
      facts,
      reads.map((path) => ({ path, attributes: true })),
      true,
    )
    if (tree.entry('/etc')?.label === undefined) return undefined
    for (const change of fresh) {
      const label = labelOf(tree, change)
      if (label !== undefined) this.#labels.set(change.path, label)
    }
    return (path) => this.#labels.get(path) ?? nearestLabel(tree, path)
  }
}

function isNew(change: Change, tree: GuestTree): boolean {
  return change.kind === 'link' || (change.kind === 'write' && tree.entry(change.path) === undefined)
}

function asFailure(cause: unknown): VmcloneError {
  if (cause instanceof VmcloneError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  // The path that the system names is that of a descriptor; the code tells enough.
  return new VmcloneError(
    'TREE_WRITE_FAILED',
    `writing failed: ${message.replace(/,? ?'\/proc\/self\/fd\/.*$/, '')}`,
    { cause },
  )
}
