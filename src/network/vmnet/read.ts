import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vmnet } from '../model.ts'
import { computeVmnet } from './compute.ts'
import { parseDhcpdConf } from './dhcpd.ts'
import { parseNatConf } from './nat.ts'
import { parseNetmap } from './netmap.ts'
import { parseNetworking } from './networking.ts'

/** Where VMware keeps the files of this host's VMnets. */
export interface VmnetPaths {
  /** Holds `networking`, `netmap.conf` and a directory for each VMnet. */
  readonly directory: string
}

/** VMware Workstation and Player on Linux, Fusion on macOS. */
const VMNET_PATHS: Readonly<Record<'linux' | 'darwin', VmnetPaths>> = {
  linux: { directory: '/etc/vmware' },
  darwin: { directory: '/Library/Preferences/VMware Fusion' },
}

const LIMIT = 1024 * 1024
const DHCPD = ['dhcpd/dhcpd.conf', 'dhcpd.conf', 'dhcp/dhcpd.conf', 'dhcp/dhcp.conf', 'dhcpd/dhcp.conf']
const NAT = ['nat/nat.conf', 'nat.conf']

/** This host's VMnets, sorted by number; none if VMware is not installed. Files that cannot be read count as absent. */
export async function readVmnets({ directory }: VmnetPaths): Promise<Vmnet[]> {
  const networking = await firstText([join(directory, 'networking')])
  const netmap = await firstText([join(directory, 'netmap.conf')])
  const entries = parseNetworking(networking ?? '')
  const mapped = [...parseNetmap(netmap ?? '').keys()].filter((name) => /^vmnet\d{1,3}$/.test(name))
  const names = [...new Set([...entries.map((entry) => entry.name), ...mapped])].sort(byNumber)
  return Promise.all(
    names.map(async (name) => {
      const entry = entries.find((one) => one.name === name)
      const dhcpd = await firstText(DHCPD.map((path) => join(directory, name, path)))
      const nat = await firstText(NAT.map((path) => join(directory, name, path)))
      return computeVmnet(name, {
        ...(entry ? { entry } : {}),
        ...(dhcpd === undefined ? {} : { dhcpd: parseDhcpdConf(dhcpd) }),
        ...(nat === undefined ? {} : { nat: parseNatConf(nat) }),
      })
    }),
  )
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(5)) - Number(b.slice(5))
}

/** Text of the first of these files that can be read, up to LIMIT bytes. */
async function firstText(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const text = await readSmall(path)
    if (text !== undefined) return text
  }
  return undefined
}

async function readSmall(path: string): Promise<string | undefined> {
  const handle = await open(path).catch(() => undefined)
  if (!handle) return undefined
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LIMIT), 0, LIMIT, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return undefined
  } finally {
    await handle.close()
  }
}

/** The VMnets of the host that this runs on. */
export function hostVmnets(): Promise<Vmnet[]> {
  return readVmnets(process.platform === 'darwin' ? VMNET_PATHS.darwin : VMNET_PATHS.linux)
}
