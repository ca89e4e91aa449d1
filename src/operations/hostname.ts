import { fromByteText } from '../formats/bytes.ts'
import { editLines, lineEndOf, splitLines } from '../formats/lines.ts'
import { isLocalhost } from '../identity/hostname.ts'
import type { Hostname } from '../identity/identity.ts'
import type { Change } from '../transaction/change.ts'
import { filesMatching, rewrite, unedited } from './edit.ts'
import { GUEST_NAME_READS, renaming, staticLine } from './guest-name.ts'
import { NAME_COPIES } from './hostname-copies.ts'
import { NOTHING, type Operation } from './operation.ts'
import type { Survey } from './survey.ts'

const operation = 'hostname'
const FILE = '/etc/hostname'

/** Families whose static name is the short one, the FQDN standing in /etc/hosts; a guest that has a name shows its own custom. */
const SHORT = ['debian', 'ubuntu', 'alpine', 'arch']

export const hostname: Operation = {
  name: operation,
  heading: 'Set the host name',
  description:
    'Writes /etc/hostname, and replaces the old name where it is repeated: mail name, DHCP client settings, ifupdown, machine-info, postfix and exim. Only whole names are replaced.',
  notes: '/etc/hosts has an operation of its own. Names inside application data are not touched.',
  default: true,
  reads: [...GUEST_NAME_READS, ...NAME_COPIES.flatMap((copy) => copy.files)],
  plan(survey, identity) {
    if (identity.hostname === undefined) return NOTHING
    const { tree } = survey.guest
    const { next, rename } = renaming(survey, identity.hostname)
    const changes: Change[] = staticName(survey, next)
    for (const { files, what, edit } of NAME_COPIES) {
      for (const node of filesMatching(tree, files)) {
        const purpose = { operation, summary: `${what} ${next.fqdn ?? next.short}` }
        changes.push(...rewrite(tree, node.path, purpose, (text) => edit(text, rename)))
      }
    }
    return { changes, notices: unedited(tree, FILE) }
  },
}

function staticName(survey: Survey, next: Hostname): Change[] {
  const { tree, os } = survey.guest
  const old = staticLine(tree.text(FILE) ?? '')
  const short =
    old === undefined || isLocalhost(old)
      ? [os.id, ...os.idLike].some((id) => SHORT.includes(id))
      : !old.includes('.')
  const name = short ? next.short : (next.fqdn ?? next.short)
  const summary = `host name ${name}`
  if (tree.entry(FILE)) return rewrite(tree, FILE, { operation, summary }, (text) => withName(text, name))
  const attributes = { mode: 0o644, owner: { uid: 0, gid: 0 }, labelType: 'hostname_etc_t' }
  const after = fromByteText(`${name}\n`)
  return [{ at: 'guest', kind: 'write', path: FILE, operation, summary, after, ...attributes }]
}

function withName(text: string, name: string): string {
  const old = staticLine(text)
  if (old?.toLowerCase() === name) return text
  if (old === undefined) {
    const lines = splitLines(text)
    const end = lineEndOf(lines)
    return `${text}${lines.at(-1)?.end === '' ? end : ''}${name}${end}`
  }
  let done = false
  return editLines(text, (line) => {
    if (done || line.trim() !== old) return line
    done = true
    return line.replace(old, () => name)
  })
}
