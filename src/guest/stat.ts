import type { GuestNode } from './tree.ts'

/** What lstat says of a path. */
export interface Stat {
  readonly kind: GuestNode['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
}

/** The file type bits of st_mode (S_IFMT), shifted down. */
const KINDS: Readonly<Record<number, GuestNode['kind']>> = { 4: 'directory', 8: 'file', 10: 'symlink' }

/** Reads guestfish's print of a struct guestfs_statns. */
export function parseStat(output: Buffer): Stat {
  const fields = new Map<string, number>()
  for (const [, name, value] of output.toString('latin1').matchAll(/^(st_\w+): (\d+)$/gm))
    fields.set(name as string, Number(value))
  const field = (name: string): number => fields.get(name) ?? 0
  return statOf({
    mode: field('st_mode'),
    uid: field('st_uid'),
    gid: field('st_gid'),
    size: field('st_size'),
  })
}

/** What the fields of a struct stat say. */
export function statOf({ mode, uid, gid, size }: Omit<Stat, 'kind'>): Stat {
  return { kind: KINDS[mode >> 12] ?? 'other', mode: mode & 0o7777, uid, gid, size }
}
