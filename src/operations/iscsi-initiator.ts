import { editLines } from '../formats/lines.ts'
import { offspring } from '../identity/offspring.ts'
import type { Notice } from '../notices.ts'
import { rewrite, unedited } from './edit.ts'
import { GUEST_NAME_READS, renaming } from './guest-name.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'iscsi-initiator'
const FILE = '/etc/iscsi/initiatorname.iscsi'
const NAME = /^(\s*InitiatorName\s*=\s*)(\S+)/

export const iscsiInitiator: Operation = {
  name: operation,
  heading: 'Give the iSCSI initiator a name of its own',
  description:
    'In /etc/iscsi/initiatorname.iscsi the part of the name after the last colon is replaced: by the new host name where it was the old one, else by twelve hex digits that belong to this clone. Two initiators of one name throw each other out of their sessions.',
  notes:
    'The file is never deleted, for the iSCSI daemon does not start without it. A file that has the guest make a name (GenerateName=yes) stays. Access lists of targets, and a copy of the name in the initramfs of a guest that boots from iSCSI, are not changed.',
  default: true,
  reads: [FILE, ...GUEST_NAME_READS],
  plan(survey, identity) {
    const { tree } = survey.guest
    if (tree.entry(FILE) === undefined && tree.text(FILE) === undefined) return NOTHING
    const digits = offspring(identity, operation)
    if (digits === undefined) return NOTHING
    const renamed = identity.hostname && renaming(survey, identity.hostname)
    const next = (name: string): string => {
      const colon = name.lastIndexOf(':')
      const suffix = name.slice(colon + 1).toLowerCase()
      const own = renamed && [renamed.next.fqdn, renamed.next.short].includes(suffix)
      if (colon > 0 && renamed && (own || renamed.rename(suffix) !== suffix))
        return name.slice(0, colon + 1) + renamed.rename(suffix)
      const unique = Buffer.from(digits).toString('hex').slice(0, 12)
      return `${colon > 0 ? name.slice(0, colon) : name}:${unique}`
    }
    let given: string | undefined
    const foreign: string[] = []
    const edit = (line: string): string =>
      line.replace(NAME, (whole, key: string, name: string) => {
        if (!/^iqn\.[\x21-\x7e]+$/i.test(name)) {
          foreign.push(name)
          return whole
        }
        given = next(name)
        return key + given
      })
    const text = editLines(tree.text(FILE) ?? '', edit)
    const summary = `iSCSI initiator ${given ?? ''}`
    const changes = rewrite(tree, FILE, { operation, summary }, () => text)
    const notices: Notice[] = [...unedited(tree, FILE), ...foreign.map(left)]
    if (changes.length > 0) notices.push(RENAMED)
    return { changes, notices }
  },
}

const RENAMED: Notice = {
  code: 'iscsi-renamed',
  message: `The iSCSI initiator name in ${FILE} is a new one; targets that admit initiators by name do not know it yet.`,
  hint: 'Add it to the targets’ access lists; if the guest boots from iSCSI, rebuild its initramfs.',
}

function left(name: string): Notice {
  return {
    code: 'storage-name-left',
    message: `${FILE} names the initiator ${name}, which is no iqn. name and was left; every clone has it.`,
    hint: 'Give the clone a name of its own there.',
  }
}
