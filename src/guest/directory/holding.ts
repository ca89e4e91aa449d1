import { closeSync, constants, fstatSync } from 'node:fs'
import { toByteText } from '../../formats/bytes.ts'
import { type Holding, SEARCH_LIMIT } from '../holding.ts'
import { readAll } from './facts.ts'
import type { RootDirectory } from './root.ts'

/** What the appliance's search finds, of a directory on this host; what this user may not read is skipped. */
export function filesHolding(
  root: RootDirectory,
  places: readonly string[],
  words: readonly string[],
): Holding {
  const files: string[] = []
  const skipped: Holding['skipped'][number][] = []
  const look = (path: string, device: number | undefined): void => {
    const stat = root.stat(path)
    if (stat?.isDirectory() && (device ?? stat.dev) === stat.dev) {
      for (const name of root.names(path))
        if (!name.includes('\n')) attempt(`${path === '/' ? '' : path}/${name}`, stat.dev)
    } else if (stat?.isFile()) {
      if (stat.size > SEARCH_LIMIT) skipped.push({ path, why: 'large' })
      else if (holds(root, path, words)) files.push(path)
    }
  }
  const attempt = (path: string, device?: number): void => {
    try {
      look(path, device)
    } catch {
      skipped.push({ path, why: 'unreadable' })
    }
  }
  for (const place of places) attempt(place)
  return { files, skipped }
}

function holds(root: RootDirectory, path: string, words: readonly string[]): boolean {
  const fd = root.open(path, constants.O_RDONLY)
  try {
    if (!fstatSync(fd).isFile()) return false
    const text = toByteText(readAll(fd)).toLowerCase()
    return words.some((word) => text.includes(word))
  } finally {
    closeSync(fd)
  }
}
