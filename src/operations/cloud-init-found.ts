import { VmcloneError } from '../errors/index.ts'
import { readYaml } from '../formats/yaml-bytes.ts'
import {
  isMapping,
  isSequence,
  type YamlData,
  type YamlDocument,
  type YamlMapping,
  yamlAt,
} from '../formats/yaml-spans.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'

const CONFIG = '/etc/cloud/cloud.cfg'
const PROGRAMS = [
  '/usr/bin/cloud-init',
  '/bin/cloud-init',
  '/lib/systemd/system/cloud-init.service',
  '/usr/lib/systemd/system/cloud-init.service',
]
const DISABLED = '/etc/cloud/cloud-init.disabled'
const INSTANCE = '/var/lib/cloud/instance'
const SEEDS = ['/var/lib/cloud/seed/nocloud/*', '/var/lib/cloud/seed/nocloud-net/*']

export const CLOUD_INIT_READS: readonly GuestRead[] = [
  CONFIG,
  '/etc/cloud/cloud.cfg.d/*',
  '/etc/cloud/ds-identify.cfg',
  '/var/lib/cloud/instances/*/datasource',
  '/var/lib/cloud/data/previous-datasource',
  ...[DISABLED, INSTANCE, ...PROGRAMS, ...SEEDS].map((path) => ({ path, attributes: true as const })),
]

/** One file of cloud-init's configuration; a file that cannot be read as YAML has no document. */
export interface CloudFile {
  readonly path: string
  readonly document?: YamlDocument
}

/** cloud-init in a guest, as it will run at the next boot. */
export interface CloudInit {
  /** "NoCloud", "VMware", …; absent if nothing tells. */
  readonly datasource?: string
  /** In the order in which later ones win. */
  readonly files: readonly CloudFile[]
  /** All files together: later scalars and lists win, mappings are merged. */
  readonly settings: YamlMapping
}

/** Undefined if the guest has no cloud-init, or it is switched off. */
export function findCloudInit(tree: GuestTree): CloudInit | undefined {
  return tree.recall(readCloudInit)
}

function readCloudInit(tree: GuestTree): CloudInit | undefined {
  const installed = PROGRAMS.some((path) => tree.exists(path))
  if (!tree.exists(CONFIG) || !installed || tree.entry(DISABLED)) return undefined
  const named = tree.glob('/etc/cloud/cloud.cfg.d/*.cfg').map(({ path }) => path)
  const files = [CONFIG, ...named].flatMap((path) => readFile(tree, path))
  const settings = files.reduce<YamlData>(
    (all, { document }) => (document ? merge(all, document.data) : all),
    new Map(),
  )
  const merged = isMapping(settings) ? settings : new Map<string, YamlData>()
  const datasource = datasourceOf(tree, merged)
  return { files, settings: merged, ...(datasource === undefined ? {} : { datasource }) }
}

/** What the last boot used; else what a seed or the configuration leaves as the only choice. */
function datasourceOf(tree: GuestTree, settings: YamlMapping): string | undefined {
  for (const path of [`${INSTANCE}/datasource`, '/var/lib/cloud/data/previous-datasource']) {
    const name = /^DataSource(\w+)/.exec(tree.text(path) ?? '')?.[1]
    if (name !== undefined) return name
  }
  if (SEEDS.some((pattern) => tree.glob(pattern).length > 0)) return 'NoCloud'
  const forced = /^\s*datasource:\s*(\w+)\s*$/m.exec(tree.text('/etc/cloud/ds-identify.cfg') ?? '')?.[1]
  const list = yamlAt(settings, ['datasource_list'])
  const [first, ...others] = isSequence(list) ? list.filter((one) => one !== 'None') : []
  const only = others.length === 0 ? (first ?? (list === undefined ? undefined : 'None')) : undefined
  return forced ?? (typeof only === 'string' ? only : undefined)
}

function readFile(tree: GuestTree, path: string): CloudFile[] {
  const node = tree.file(path)
  if (node?.content === undefined) return []
  try {
    return [{ path: node.path, document: readYaml(node.content, node.path) }]
  } catch (error) {
    if (!(error instanceof VmcloneError)) throw error
    return [{ path: node.path }]
  }
}

function merge(all: YamlData, more: YamlData): YamlData {
  if (!isMapping(more)) return more === '' ? all : more
  const next = new Map(isMapping(all) ? all : [])
  for (const [key, value] of more) {
    const old = next.get(key)
    next.set(key, old === undefined ? value : merge(old, value))
  }
  return next
}
