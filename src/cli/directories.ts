import { isAbsolute, join } from 'node:path'

/** $XDG_CACHE_HOME/vmclone-fix, else ~/.cache/vmclone-fix; undefined without a home. */
export function cacheDirectory({
  XDG_CACHE_HOME,
  HOME,
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'vmclone-fix')
  return HOME && isAbsolute(HOME) ? join(HOME, '.cache', 'vmclone-fix') : undefined
}
