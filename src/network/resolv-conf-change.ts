import { fromByteText } from '../formats/bytes.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { WriteChange } from '../transaction/change.ts'
import type { NicAddressing } from './model.ts'
import { editResolvConf, RESOLV_CONF } from './resolv-conf.ts'

/** The write that sets name servers and search domains in /etc/resolv.conf, in a new file if there is none. */
export function resolvConfChange(tree: GuestTree, want: NicAddressing, operation: string): WriteChange[] {
  const before = tree.entry(RESOLV_CONF)?.content
  const old = before ? (tree.text(RESOLV_CONF) ?? '') : ''
  const text = editResolvConf(old, {
    ...(want.dns ? { nameservers: want.dns } : {}),
    ...(want.search ? { search: want.search } : {}),
  })
  if (text === old) return []
  const change = {
    at: 'guest',
    kind: 'write',
    path: RESOLV_CONF,
    operation,
    summary: `name servers ${want.dns?.join(', ') ?? 'kept'}`,
    after: fromByteText(text),
  } as const
  if (before) return [{ ...change, before }]
  return [
    { ...change, mode: 0o644, owner: { uid: 0, gid: 0 }, labelLike: '/etc/hosts', labelType: 'net_conf_t' },
  ]
}
