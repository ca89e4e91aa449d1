import { shellValue } from '../../../formats/shell-assignments.ts'
import { setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { Ipv4Addressing, NicAddressing } from '../../model.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { textChange } from '../../text-change.ts'
import { CONFIG, configDocument } from './files.ts'

const SERVERS = 'NETCONFIG_DNS_STATIC_SERVERS'
const SEARCH = 'NETCONFIG_DNS_STATIC_SEARCHLIST'

/** Name servers and search domains that all interfaces share: what netconfig is told, else a resolv.conf that it leaves alone. */
export function namesOf(
  tree: GuestTree,
  ipv4: Ipv4Addressing | undefined,
): { dns?: string[]; search?: string[] } {
  const document = configDocument(tree)
  const plain =
    isByHand(tree) && ipv4?.method !== 'dhcp' ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  const dns = [words(shellValue(document, SERVERS)), plain?.nameservers ?? []].find((list) => list.length > 0)
  const search = [words(shellValue(document, SEARCH)), plain?.search ?? []].find((list) => list.length > 0)
  return { ...(dns ? { dns: [...dns] } : {}), ...(search ? { search: [...search] } : {}) }
}

/** Writes them where netconfig takes them from, and into a resolv.conf that is kept by hand. */
export function editNames(
  tree: GuestTree,
  want: NicAddressing,
  purpose: { readonly operation: string; readonly summary: string },
): { changes: Change[]; notices: Notice[] } {
  const { dns, search } = want
  if (!dns && !search) return { changes: [], notices: [] }
  let document = configDocument(tree)
  const put = (key: string, list: readonly string[] | undefined) => {
    const now = shellValue(document, key)
    if (!list || words(now).join(' ') === list.join(' ')) return
    if (list.length > 0 || now !== undefined) document = setShellValue(document, key, list.join(' '))
  }
  put(SERVERS, dns)
  put(SEARCH, search)
  const made = { labelLike: '/etc/hosts', labelType: 'net_conf_t' }
  const told = textChange(tree, CONFIG, document.text, purpose, made)
  const node = tree.entry(RESOLV_CONF)
  if (node?.content === undefined) return { changes: told, notices: [] }
  if (isByHand(tree)) {
    const written = want.ipv4?.method === 'dhcp' ? [] : resolvConfChange(tree, want, purpose.operation)
    return { changes: [...told, ...written], notices: [] }
  }
  return { changes: told, notices: told.length === 0 ? [] : [kept()] }
}

/** True if netconfig does not write /etc/resolv.conf: it neither made it nor has a policy to. */
function isByHand(tree: GuestTree): boolean {
  const node = tree.entry(RESOLV_CONF)
  if (node?.kind !== 'file') return false
  const policy = shellValue(configDocument(tree), 'NETCONFIG_DNS_POLICY')
  return policy === '' || !/netconfig/.test((tree.text(RESOLV_CONF) ?? '').slice(0, 2000))
}

function kept(): Notice {
  return {
    code: 'dns-managed-elsewhere',
    message: `netconfig writes ${RESOLV_CONF} from ${CONFIG}, where the name servers were set; the file was left for it to write.`,
    hint: 'Run "netconfig update -f" in the clone if it still has the old ones after its first boot.',
  }
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean)
}
