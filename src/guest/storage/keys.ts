/** An encrypted volume, as a person is asked for its key. */
export interface LockedVolume {
  /** As the appliance names it: "/dev/sda3". */
  readonly device: string
  /** UUID of its LUKS header. */
  readonly uuid?: string
  /** Whose it is, where several VMs are worked on at a time. */
  readonly vmx?: string
}

/** A key for an encrypted volume. */
export interface DiskKey {
  /** "/dev/sda3" (or as the guest names it), the UUID of the LUKS header, or "all". */
  readonly device: string
  /** A key file's bytes, or a passphrase. Text that ends in a newline is also tried without it. */
  readonly secret: Uint8Array
}

/** Asks for a volume's passphrase; `attempt` counts from 1. Undefined: there is none. */
export type AskKey = (volume: LockedVolume, attempt: number) => Promise<Uint8Array | undefined>

/** How often a person may mistype. */
const ATTEMPTS = 3

/** The keys that were given, and those that were asked for: each is asked for once a run. */
export class KeyRing {
  readonly #keys: DiskKey[]
  readonly #ask: AskKey | undefined

  constructor(keys: readonly DiskKey[] = [], ask?: AskKey) {
    this.#keys = [...keys]
    this.#ask = ask
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0
  }

  get canAsk(): boolean {
    return this.#ask !== undefined
  }

  /** The names that the keys at hand speak of. */
  get names(): string[] {
    return this.#keys.map(({ device }) => device)
  }

  /** What to try on a volume, in order; `names` are all its names. */
  secretsFor(names: readonly string[]): Uint8Array[] {
    const mine = this.#keys.filter(({ device }) => device === 'all' || names.includes(device))
    return mine.flatMap(({ secret }) => spellings(secret))
  }

  /** Asks until `attempt` takes what was answered, which is then kept for this and all other volumes. False if it was not to be had. */
  async ask(volume: LockedVolume, attempt: (secret: Uint8Array) => Promise<boolean>): Promise<boolean> {
    for (let count = 1; this.#ask && count <= ATTEMPTS; count++) {
      const secret = await this.#ask(volume, count)
      if (secret === undefined || secret.length === 0) return false
      if (!(await attempt(secret))) continue
      this.#keys.push({ device: 'all', secret })
      return true
    }
    return false
  }
}

function spellings(secret: Uint8Array): Uint8Array[] {
  const text =
    secret.at(-1) === 10 && secret.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)
  if (!text) return [secret]
  return [secret.subarray(0, secret.at(-2) === 13 ? -2 : -1), secret]
}
