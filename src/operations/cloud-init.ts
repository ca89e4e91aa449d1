import { fromByteText } from '../formats/bytes.ts'
import { setYaml } from '../formats/yaml-edit.ts'
import { isMapping, printYaml, type YamlPath, yamlAt } from '../formats/yaml-spans.ts'
import type { Identity } from '../identity/identity.ts'
import { isTrue } from '../network/dialects/netplan/values.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { CLOUD_INIT_READS, type CloudInit, findCloudInit } from './cloud-init-found.ts'
import { editSources } from './cloud-init-sources.ts'
import { NOTHING, type Operation } from './operation.ts'
import type { Survey } from './survey.ts'

const operation = 'cloud-init'

/** Later names win, and letters come behind digits. */
const GUARD = '/etc/cloud/cloud.cfg.d/zz-vmclone-fix.cfg'

const HEADER =
  '# Written by vmclone-fix: what it gave this clone is not to be made anew by cloud-init,\n# which takes a clone for a new instance. Delete this file to let cloud-init at it again.\n'

interface Setting {
  readonly path: YamlPath
  readonly value: string
  /** What it keeps. */
  readonly what: string
  readonly wanted: (identity: Identity, found: CloudInit) => boolean
}

const SETTINGS: readonly Setting[] = [
  {
    path: ['network', 'config'],
    value: 'disabled',
    what: 'network',
    wanted: ({ nics }) => nics.some(({ addressing }) => Object.keys(addressing).length > 0),
  },
  {
    path: ['preserve_hostname'],
    value: 'true',
    what: 'host name',
    wanted: ({ hostname }) => hostname !== undefined,
  },
  {
    path: ['ssh_deletekeys'],
    value: 'false',
    what: 'SSH host keys',
    wanted: ({ sshKeys }) => sshKeys.policy === 'set' || sshKeys.policy === 'keep',
  },
  {
    path: ['manage_etc_hosts'],
    value: 'false',
    what: '/etc/hosts',
    // Off unless something turns it on, or may: cloud-init reads files that we cannot, such as those with a key twice.
    wanted: ({ hostname, hosts }, { settings, files }) =>
      (hostname !== undefined || hosts.length > 0) &&
      (settings.has('manage_etc_hosts') || files.some(({ document }) => !document)),
  },
]

export const cloudInit: Operation = {
  name: operation,
  heading: 'Keep cloud-init from undoing what the clone was given',
  description:
    'Where cloud-init runs in the guest, /etc/cloud/cloud.cfg.d/zz-vmclone-fix.cfg tells it to leave network, host name, SSH host keys and /etc/hosts alone, as far as they were set. Network configuration that lies in /etc/cloud for it gets the same addressing.',
  notes:
    'What user data and the hypervisor hand to cloud-init outranks these files. Seeds below /var/lib/cloud stay as they are.',
  default: true,
  reads: CLOUD_INIT_READS,
  plan(survey, identity) {
    const { tree } = survey.guest
    const found = findCloudInit(tree)
    if (!found) return NOTHING
    const sources = editSources(tree, found, identity.nics, operation)
    const asked = SETTINGS.filter((setting) => setting.wanted(identity, found))
    if (asked.length === 0) return sources
    const missing = asked.filter((setting) => !holds(found, setting))
    const guard = missing.length === 0 ? [] : guardChange(survey, found, missing)
    return {
      changes: [...sources.changes, ...guard],
      notices: [...sources.notices, guarded(found, asked), ...overruled(found, missing)],
    }
  },
}

function holds({ settings }: CloudInit, { path, value }: Setting): boolean {
  const now = yamlAt(settings, path)
  if (typeof now !== 'string') return false
  if (value === 'true') return isTrue(now) || now === '1'
  return value === 'false' ? /^(false|no|n|off|0)$/i.test(now) : now === value
}

function guardChange(survey: Survey, found: CloudInit, missing: readonly Setting[]): Change[] {
  const node = survey.guest.tree.file(GUARD)
  const document = found.files.find(({ path }) => path === node?.path)?.document
  const summary = `cloud-init leaves ${listOf(missing)} alone`
  const common = { at: 'guest', kind: 'write', path: node?.path ?? GUARD, operation, summary } as const
  if (node?.content && document && isMapping(document.data)) {
    const edited = missing.reduce((next, { path, value }) => setYaml(next, path, value), document)
    const after = fromByteText(printYaml(edited))
    return Buffer.compare(after, node.content) === 0 ? [] : [{ ...common, before: node.content, after }]
  }
  const lines = missing.map(({ path: [key, inner], value }) =>
    inner === undefined ? `${key}: ${value}\n` : `${key}:\n  ${inner}: ${value}\n`,
  )
  const after = fromByteText(HEADER + lines.join(''))
  if (node) return node.content ? [{ ...common, before: node.content, after }] : []
  const attributes = {
    mode: 0o644,
    owner: { uid: 0, gid: 0 },
    labelLike: '/etc/cloud/cloud.cfg',
    labelType: 'etc_t',
  }
  return [{ ...common, after, ...attributes }]
}

function guarded({ datasource }: CloudInit, asked: readonly Setting[]): Notice {
  const source = datasource === undefined ? '' : ` (datasource ${datasource})`
  return {
    code: 'cloud-init-guarded',
    message: `cloud-init runs in the guest${source} and may take the clone for a new instance; it is told to leave ${listOf(asked)} alone.`,
    hint: `To let it at them again, delete ${GUARD} in the guest.`,
  }
}

/** Files behind the guard win over it. */
function overruled({ files }: CloudInit, missing: readonly Setting[]): Notice[] {
  return files
    .filter(({ path }) => path > GUARD && path.startsWith('/etc/cloud/cloud.cfg.d/'))
    .flatMap(({ path, document }) =>
      missing
        .filter((setting) => document && yamlAt(document.data, setting.path) !== undefined)
        .map(({ path: keys, what }) => ({
          code: 'cloud-init-overruled' as const,
          message: `${path} sets ${keys.join('.')} for cloud-init and is read behind ${GUARD}, so ${what} may be made anew.`,
          hint: 'Rename that file so that its name sorts before "zz-", or correct it by hand.',
        })),
    )
}

function listOf(settings: readonly Setting[]): string {
  const names = settings.map(({ what }) => what)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
