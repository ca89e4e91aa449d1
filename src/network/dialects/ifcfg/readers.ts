import type { GuestRead, GuestTree } from '../../../guest/tree.ts'
import { SERVICE_READS, startsAtBoot } from '../../services.ts'
import { CONFIG_READS, configValue } from '../keyfile/config.ts'
import { type IfcfgFile, ifcfgValue, isNo, type Reader } from './files.ts'

const PLUGIN = [
  '/usr/lib/NetworkManager/libnm-settings-plugin-ifcfg-rh.so',
  '/usr/lib64/NetworkManager/libnm-settings-plugin-ifcfg-rh.so',
  '/usr/lib/NetworkManager/*/libnm-settings-plugin-ifcfg-rh.so',
  '/usr/lib64/NetworkManager/*/libnm-settings-plugin-ifcfg-rh.so',
]
const NETWORK_SCRIPT = ['/etc/rc.d/init.d/network', '/etc/init.d/network']

export const READER_READS: readonly GuestRead[] = [
  ...[...PLUGIN, ...NETWORK_SCRIPT].map((path) => ({ path, attributes: true as const })),
  ...SERVICE_READS,
  ...CONFIG_READS,
]

/** The programs that read ifcfg files when the guest boots, and why that is known. */
export interface Readers {
  readonly scripts?: string
  readonly NetworkManager?: string
}

/**
 * The network scripts, if their service starts (SysV "network"; not wicked's, which has the name as an alias), and
 * NetworkManager, if it starts with the plugin for ifcfg files, which is gone from RHEL 10 and Fedora 41 on.
 */
export function readersOf(tree: GuestTree): Readers {
  const wicked = /wicked/.test(tree.entry('/etc/systemd/system/network.service')?.target ?? '')
  const script = NETWORK_SCRIPT.some((path) => tree.exists(path)) && !wicked
  const scripts = script ? startsAtBoot(tree, 'network') : undefined
  const manager = loadsPlugin(tree) ? startsAtBoot(tree, 'NetworkManager') : undefined
  return {
    ...(scripts === undefined ? {} : { scripts }),
    ...(manager === undefined ? {} : { NetworkManager: manager }),
  }
}

function loadsPlugin(tree: GuestTree): boolean {
  const there = PLUGIN.some((path) => tree.glob(path).length > 0)
  const plugins = configValue(tree, 'main', 'plugins')
  return there && (plugins === undefined || /\bifcfg-(rh|fedora)\b/.test(plugins))
}

/** Who reads a file: NetworkManager, unless the file says NM_CONTROLLED=no or it does not start. Undefined: nobody. */
export function readerOf(file: IfcfgFile, readers: Readers): Reader | undefined {
  if (readers.NetworkManager !== undefined && !isNo(ifcfgValue(file, 'NM_CONTROLLED')))
    return 'NetworkManager'
  return readers.scripts === undefined ? undefined : 'scripts'
}
