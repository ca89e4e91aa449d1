/** Clones that finish closer together than this, in seconds, finish at one moment: stamping ends many at once. */
const MOMENT = 1

/** Moments that are needed before anything is said. */
const ENOUGH = 3

/** How long the rest takes, from the rate at which clones finished. Times are seconds of any clock. */
export class Estimate {
  #start: number | undefined
  #count = 0
  #moments = 0
  #last = 0

  /** Work on clones has begun; only the first time counts. */
  begin(now: number): void {
    this.#start ??= now
  }

  finished(now: number): void {
    this.#start ??= now
    this.#count++
    if (this.#moments === 0 || now - this.#last >= MOMENT) {
      this.#moments++
      this.#last = now
    }
  }

  /** Undefined while clones have finished at too few moments, and while none does for longer than was usual. */
  left(clones: number, now: number): number | undefined {
    if (this.#start === undefined || this.#moments < ENOUGH || clones <= 0) return undefined
    const worked = this.#last - this.#start
    const since = now - this.#last
    if (worked <= 0 || since > 3 * Math.max(MOMENT, worked / this.#moments)) return undefined
    return Math.max(0, (clones * worked) / this.#count - since)
  }
}

/** "about 40 s left": no more exact than it can be. */
export function leftOf(seconds: number): string {
  if (seconds < 5) return 'a few seconds left'
  if (seconds < 57.5) return `about ${Math.ceil(seconds / 5) * 5} s left`
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return `about ${minutes} min left`
  const rest = Math.round((minutes % 60) / 10) * 10
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0)
  return `about ${hours} h${rest === 0 || rest === 60 ? '' : ` ${rest} min`} left`
}
