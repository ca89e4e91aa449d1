import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the real bash makes of these words once it has read the file, each word expanded: `"${ADDRESS[@]}"`. */
export function bashSays(text: string, words: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'vmclone-fix-bash-'))
  try {
    const file = join(directory, 'file')
    writeFileSync(file, text, 'latin1')
    const script = `set -e; PATH=/nowhere; . "$1"; for word in ${words}; do printf '%s\\0' "$word"; done`
    const output = execFileSync('/usr/bin/env', ['-i', '/bin/bash', '--norc', '-c', script, 'bash', file], {
      encoding: 'latin1',
    })
    return output.split('\0').slice(0, -1)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
