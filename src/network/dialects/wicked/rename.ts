import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { MacChange } from '../../model.ts'
import { textChange } from '../../text-change.ts'
import { DIRECTORY, macInName, routesFile, type WickedFile } from './files.ts'

/** Files that are named after the old MAC, as up to SLES 10, get the new one's name. `tree`: as it is to be otherwise. */
export function renamed(
  tree: GuestTree,
  file: WickedFile,
  { from, to }: MacChange,
  purpose: { readonly operation: string; readonly summary: string },
): { changes: Change[]; notices: Notice[] } {
  const mac = macInName(file)
  if (mac === undefined || mac === to || !from.includes(mac)) return { changes: [], notices: [] }
  if (to === undefined) return { changes: [], notices: [left(file)] }
  const suffix = file.suffix.slice(0, -mac.length) + to
  const moves = [
    [file.path, `${DIRECTORY}/ifcfg-${suffix}`],
    [routesFile(file), `${DIRECTORY}/ifroute-${suffix}`],
  ] as const
  const changes = moves.flatMap(([old, path]): Change[] => {
    const before = tree.entry(old)?.content
    const text = tree.text(old)
    if (!before || text === undefined) return []
    return [
      ...textChange(tree, path, text, purpose, { labelLike: '/etc/hosts', labelType: 'net_conf_t' }),
      { at: 'guest', kind: 'remove', path: old, ...purpose, before },
    ]
  })
  return { changes, notices: [] }
}

function left({ path }: WickedFile): Notice {
  return {
    code: 'mac-pin-left',
    message: `${path} is named after the old MAC address, and the new one is not known before power-on.`,
    hint: 'Use --mac new, which gives it the new one.',
  }
}
