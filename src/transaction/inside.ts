import { isAbsolute, relative } from 'node:path'

/** True if a path lies below a directory, which it does not if it is the directory itself. Both absolute. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}
