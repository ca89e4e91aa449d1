import { VmcloneError } from '../../errors/index.ts'

interface Step {
  readonly path: string
  readonly undo: () => void
  readonly keep?: () => void
  readonly sync?: () => void
}

/** What was done and how to take it back, until it is kept. */
export class UndoLog {
  #steps: Step[] = []

  /** `undo` takes the step back, `keep` ends what it needed for that; one of them is called, once. `sync` writes it out. */
  did(path: string, undo: () => void, more: { keep?: () => void; sync?: () => void } = {}): void {
    this.#steps.push({ path, undo, ...more })
  }

  /** Writes everything out; it can still be taken back. Throws system errors. */
  sync(): void {
    for (const { sync } of this.#steps) sync?.()
  }

  /** Takes everything back, the last first. Throws TREE_NOT_RESTORED, with everything tried. */
  undo(): void {
    const failed: string[] = []
    let cause: unknown
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        step.undo()
      } catch (error) {
        failed.push(step.path)
        cause ??= error
      }
    }
    if (failed.length === 0) return
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new VmcloneError('TREE_NOT_RESTORED', `${failed.join(', ')} could not be put back${why}`, { cause })
  }

  /** Lets everything stand. Gives the paths where something is left that should not be. */
  keep(): string[] {
    return this.#steps.splice(0).flatMap(({ path, keep }) => {
      try {
        keep?.()
        return []
      } catch {
        return [path]
      }
    })
  }
}
