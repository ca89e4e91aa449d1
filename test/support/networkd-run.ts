import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { GuestTree } from '../../src/guest/tree.ts'
import { CABLE } from './cable.ts'

/** An adapter of the guest; without a MAC it gets any. */
export interface Adapter {
  readonly name: string
  readonly mac?: string
}

/** What the kernel and systemd-networkd say of an interface once it is up. */
export interface Up {
  /** "10.0.0.5/24"; link-local ones are left out. */
  readonly addresses: readonly string[]
  /** Gateways of default routes. */
  readonly gateways: readonly string[]
  readonly dns: readonly string[]
  readonly search: readonly string[]
  /** Path of the .network file that systemd-networkd took. */
  readonly file: string
}

// $1 the guest's files, $2 "yes" for a router, $3 the interfaces that are to come up, then "name mac" for each adapter.
const SCRIPT = `
set -euo pipefail
root=$1 router=$2 interfaces=$3
shift 3
mount --make-rprivate /
# Read-only as in a container: systemd-networkd then waits for no udev.
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
for one in etc usr/lib; do mount --bind "$root/$one/systemd/network" "/$one/systemd/network"; done
${CABLE}
index=0
for one; do
  read -r name mac <<<"$one"
  cable "$index" "$name" "$mac"
  index=$((index + 1))
done
SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-networkd >"$root/log" 2>&1 &
networkd=$!
trap 'kill $networkd; wait' EXIT
until [ -e /run/systemd/netif/state ]; do sleep 0.02; done
/lib/systemd/systemd-networkd-wait-online --timeout=30 -i \${interfaces// / -i } >&2 || { cat "$root/log" >&2; exit 1; }
for name in $interfaces; do
  printf '{"name":"%s","addresses":%s,"routes":[%s,%s],"state":"%s"}\\n' "$name" "$(ip -j addr show dev "$name")" \\
    "$(ip -j -4 route show default dev "$name")" "$(ip -j -6 route show default dev "$name")" \\
    "$(base64 -w0 "/run/systemd/netif/links/$(</sys/class/net/$name/ifindex)")"
done
`

interface Told {
  readonly name: string
  readonly addresses: readonly {
    readonly addr_info: readonly {
      readonly local: string
      readonly prefixlen: number
      readonly scope: string
    }[]
  }[]
  readonly routes: readonly (readonly { readonly gateway: string }[])[]
  readonly state: string
}

/**
 * Starts the real systemd-networkd on a guest's network files, in namespaces of its own where each adapter is one end of
 * a virtual cable, and reads what there is once its own wait-online is content. At the other ends are a DHCP server
 * and, unless `router` is false, a router that advertises neither prefix nor default route. Needs root. Throws if
 * `interfaces` (all adapters) are not online in half a minute.
 */
export function upWith(
  tree: GuestTree,
  adapters: readonly Adapter[],
  { router = true, interfaces = adapters.map(({ name }) => name) } = {},
): Record<string, Up> {
  const root = mkdtempSync(join(tmpdir(), 'vmclone-fix-networkd-'))
  try {
    layOut(tree, root)
    const cables = adapters.map(({ name, mac = '' }) => `${name} ${mac}`)
    const names = interfaces.join(' ')
    const args = ['-n', '-m', 'bash', '-c', SCRIPT, 'bash', root, router ? 'yes' : 'no', names, ...cables]
    const output = execFileSync('unshare', args, { encoding: 'utf8', stdio: 'pipe' })
    const told = output.split('\n').filter(Boolean)
    return Object.fromEntries(told.map((line) => upOf(JSON.parse(line) as Told)))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** systemd-networkd reads as a user of its own: owners and modes count. */
function layOut(tree: GuestTree, root: string): void {
  const group = Number(execFileSync('id', ['-g', 'systemd-network'], { encoding: 'utf8' }))
  chmodSync(root, 0o755)
  for (const one of ['etc', 'usr/lib']) mkdirSync(join(root, one, 'systemd/network'), { recursive: true })
  for (const node of tree.nodes().filter(({ path }) => /\/systemd\/network\/./.test(path))) {
    const path = join(root, node.path)
    mkdirSync(dirname(path), { recursive: true })
    // A VM's adapter has a driver of its own; this one is a veth, which files for real adapters leave out.
    const text = (tree.text(node.path) ?? '').replace(/^Driver=.*$/gm, '')
    writeFileSync(path, text, 'latin1')
    chmodSync(path, node.mode)
    chownSync(path, node.uid, node.gid === 0 ? 0 : group)
  }
}

function upOf({ name, addresses, routes, state }: Told): readonly [string, Up] {
  const lines = Buffer.from(state, 'base64').toString('utf8').split('\n')
  const value = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? ''
  const words = (key: string) => value(key).split(' ').filter(Boolean)
  const up = {
    addresses: addresses
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ scope }) => scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    gateways: routes.flat().map(({ gateway }) => gateway),
    dns: words('DNS'),
    search: words('DOMAINS'),
    file: value('NETWORK_FILE'),
  }
  return [name, up]
}
