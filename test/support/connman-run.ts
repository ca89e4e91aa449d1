import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { GuestTree } from '../../src/guest/tree.ts'
import { CABLE } from './cable.ts'

// Unpacked by scripts/oracles.
const PROGRAMS = new URL('../../node_modules/.cache/oracles/usr/sbin', import.meta.url).pathname
const DIRECTORY = '/var/lib/connman'

/** What there is of an adapter once ConnMan has it online. */
export interface ConnmanUp {
  /** "10.0.0.5/24"; link-local ones are left out. */
  readonly addresses: readonly string[]
  readonly gateways: readonly string[]
  readonly dns: readonly string[]
  readonly search: readonly string[]
}

// $1 the guest's files, $2 where ConnMan is, $3 the adapter's MAC. ConnMan writes where resolv.conf is: /etc is closed to it.
const SCRIPT = `
set -euo pipefail
root=$1 programs=$2 mac=$3 router=no
mount --make-rprivate /
mount --bind /etc /etc
mount -o remount,ro,bind /etc
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
for one in /etc/systemd/network /usr/lib/systemd/network /var/lib; do mount -t tmpfs tmpfs "$one"; done
cp -r "$root/var/lib/connman" /var/lib/connman
mkdir -p /run/dbus /run/connman
${CABLE}
cable 0 eth0 "$mac"
ip link set lo up
SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-networkd >"$root/log" 2>&1 &
until [ -e /run/systemd/netif/state ]; do sleep 0.02; done
cat >/run/bus.conf <<TEXT
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_destination="*" eavesdrop="true"/> <allow receive_sender="*"/>
    <allow send_type="method_return" send_requested_reply="true"/> <allow send_type="error" send_requested_reply="true"/>
  </policy>
</busconfig>
TEXT
dbus-daemon --config-file=/run/bus.conf --nofork --nopidfile >>"$root/log" 2>&1 &
until [ -e /run/dbus/system_bus_socket ]; do sleep 0.02; done
"$programs/connmand" --nodaemon --nodnsproxy --device=eth0 >>"$root/log" 2>&1 &
"$programs/connmand-wait-online" --interface=eth0 --timeout=60 >&2 || { cat "$root/log" >&2; exit 1; }
ip -j addr show dev eth0 | sed 's/^/addresses=/'
ip -j route show default dev eth0 | sed 's/^/routes=/'
[ ! -e /run/connman/resolv.conf ] || sed 's/^/resolv=/' /run/connman/resolv.conf
`

/**
 * Starts the real ConnMan on a guest's provisioning files and settings, with one adapter of this MAC in namespaces of its own and
 * a DHCP server at the other end of its cable. Needs root. Throws if it is not online in a minute.
 */
export function upWithConnman(tree: GuestTree, mac: string): ConnmanUp {
  const root = mkdtempSync(join(tmpdir(), 'vmclone-fix-connman-'))
  try {
    mkdirSync(join(root, DIRECTORY), { recursive: true })
    for (const { path, kind, content } of tree.nodes()) {
      if (kind !== 'file' || !path.startsWith(`${DIRECTORY}/`)) continue
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content ?? '')
    }
    // All that was started ends with the first process of its PID namespace.
    const namespaces = ['-n', '-m', '-u', '-p', '--fork', '--kill-child']
    const args = [...namespaces, 'bash', '-c', SCRIPT, 'bash', root, PROGRAMS, mac]
    return upOf(execFileSync('unshare', args, { encoding: 'utf8', stdio: 'pipe' }).split('\n'))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function upOf(lines: readonly string[]): ConnmanUp {
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))
  const words = (key: string) =>
    values('resolv').flatMap((line) => (line.startsWith(`${key} `) ? line.split(/\s+/).slice(1) : []))
  const links: { addr_info: { local: string; prefixlen: number; scope: string }[] }[] = JSON.parse(
    values('addresses')[0] ?? '[]',
  )
  const routes: { gateway?: string }[] = JSON.parse(values('routes')[0] ?? '[]')
  return {
    addresses: links
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ scope }) => scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    gateways: routes.flatMap(({ gateway }) => gateway ?? []),
    dns: words('nameserver'),
    search: words('search').filter(Boolean),
  }
}
