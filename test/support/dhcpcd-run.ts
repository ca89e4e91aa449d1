import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { GuestTree } from '../../src/guest/tree.ts'
import { CABLE } from './cable.ts'
import { DHCPCD_CONF } from './dhcpcd-guest.ts'

// Unpacked by scripts/oracles.
const PROGRAM = new URL('../../node_modules/.cache/oracles/usr/sbin/dhcpcd', import.meta.url).pathname

/** What dhcpcd tells the hooks that it runs, and what the kernel has, of one interface. */
export interface DhcpcdUp {
  /** "STATIC", "BOUND" */
  readonly reason: string
  readonly addresses: readonly string[]
  readonly gateways: readonly string[]
  readonly dns: readonly string[]
  readonly search: readonly string[]
  /** The lease that it wrote down, if it has one. */
  readonly lease: Uint8Array
}

// $1 the guest's files, $2 dhcpcd, $3 the interface.
const SCRIPT = `
set -euo pipefail
root=$1 program=$2 name=$3 router=no
mount --make-rprivate /
mount --bind /etc /etc
mount -o remount,ro,bind /etc
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
for one in /etc/systemd/network /usr/lib/systemd/network /var/lib; do mount -t tmpfs tmpfs "$one"; done
mkdir -p /run/dhcpcd
cp -r "$root/var/lib/dhcpcd" /var/lib/dhcpcd
${CABLE}
cable 0 "$name"
ip link set lo up
ip link set "$name" up
SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-networkd >"$root/log" 2>&1 &
until [ -e /run/systemd/netif/state ]; do sleep 0.02; done
cat >/run/hook <<'TEXT'
#!/bin/sh
case $reason in BOUND | STATIC | FAIL) ;; *) exit 0 ;; esac
printf '%s\\n' "reason=$reason" "dns=$new_domain_name_servers" "search=$new_domain_search" >/run/told.new
mv /run/told.new /run/told
TEXT
chmod +x /run/hook
"$program" --config "$root/etc/dhcpcd.conf" --script /run/hook --noarp --nobackground "$name" >>"$root/log" 2>&1 &
for try in $(seq 600); do [ ! -e /run/told ] || break; sleep 0.05; done
[ -e /run/told ] || { cat "$root/log" >&2; exit 1; }
cat /run/told
ip -j addr show dev "$name" | sed 's/^/addresses=/'
ip -j route show default dev "$name" | sed 's/^/routes=/'
[ ! -s "/var/lib/dhcpcd/$name.lease" ] || echo "lease=$(base64 -w0 "/var/lib/dhcpcd/$name.lease")"
`

/**
 * Starts the real dhcpcd with a guest's dhcpcd.conf and leases on an interface in namespaces of its own, with a DHCP server at the
 * other end of the cable, and reads what there is once it has an address. Needs root. Throws if it has none in half a minute.
 */
export function upWithDhcpcd(tree: GuestTree, name: string): DhcpcdUp {
  const told = dhcpcdSays(tree, name)
  const value = (key: string) => told.get(key) ?? ''
  const words = (key: string) => value(key).split(/\s+/).filter(Boolean)
  const links: { addr_info: { family: string; local: string; prefixlen: number; scope: string }[] }[] =
    JSON.parse(value('addresses'))
  const routes: { gateway: string }[] = JSON.parse(value('routes'))
  return {
    reason: value('reason'),
    addresses: links
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ scope }) => scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    gateways: routes.map(({ gateway }) => gateway),
    dns: words('dns'),
    search: words('search'),
    lease: Buffer.from(value('lease'), 'base64'),
  }
}

function dhcpcdSays(tree: GuestTree, name: string): ReadonlyMap<string, string> {
  const root = mkdtempSync(join(tmpdir(), 'vmclone-fix-dhcpcd-'))
  try {
    mkdirSync(join(root, 'var/lib/dhcpcd'), { recursive: true })
    const files = tree
      .nodes()
      .filter(({ path }) => path === DHCPCD_CONF || path.startsWith('/var/lib/dhcpcd/'))
    for (const { path, content } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content ?? '')
    }
    // All that was started ends with the first process of its PID namespace.
    const namespaces = ['-n', '-m', '-u', '-p', '--fork', '--kill-child']
    const args = [...namespaces, 'bash', '-c', SCRIPT, 'bash', root, PROGRAM, name]
    const lines = execFileSync('unshare', args, { encoding: 'utf8', stdio: 'pipe' }).split('\n')
    return new Map(
      lines.filter(Boolean).map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]),
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
