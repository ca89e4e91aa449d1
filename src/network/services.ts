import type { GuestNode, GuestRead, GuestTree } from '../guest/tree.ts'

/** What must be read to know which services start at boot. */
export const SERVICE_READS: readonly GuestRead[] = [
  '/etc/systemd/system/*',
  '/etc/systemd/system/*.wants/*',
  '/etc/rc?.d/*',
  '/etc/rc.d/rc?.d/*',
  '/etc/init.d/rc?.d/*',
  '/etc/runit/runsvdir/default/*',
  '/etc/sv/*/down',
  '/etc/rc.d/rc.*',
  '/etc/runlevels/*/*',
  '/lib/systemd/system/*.wants/*',
  '/usr/lib/systemd/system/*.wants/*',
  ...['networking', 'network', 'NetworkManager', 'systemd-networkd', 'dhcpcd', 'wicked', 'connman'].flatMap(
    (name) => [`/lib/systemd/system/${name}.service`, `/usr/lib/systemd/system/${name}.service`],
  ),
].map((path) => ({ path, attributes: true }))

/** Why a service starts at boot, by systemd, SysV, Slackware’s scripts, runit or OpenRC; undefined if it does not. */
export function startsAtBoot(tree: GuestTree, service: string): string | undefined {
  const unit = `${service}.service`
  if (maskOf(tree, unit) !== undefined) return undefined
  if (isEnabled(tree, unit)) return `${unit} enabled`
  // A native unit hides the init script of its name.
  if ([`/lib/systemd/system/${unit}`, `/usr/lib/systemd/system/${unit}`].some((path) => tree.exists(path)))
    return undefined
  const script = [
    `/etc/rcS.d/S??${service}`,
    `/etc/rc?.d/S??${service}`,
    `/etc/rc.d/rc?.d/S??${service}`,
    `/etc/init.d/rc?.d/S??${service}`,
  ]
    .flatMap((pattern) => tree.glob(pattern))
    .at(0)
  if (script) return script.path
  const slackware = tree.file(`/etc/rc.d/rc.${service.toLowerCase()}`)
  if (slackware && (slackware.mode & 0o111) !== 0) return `${slackware.path}, which is executable`
  const supervised = `/etc/runit/runsvdir/default/${service}`
  if (tree.entry(supervised) && !tree.exists(`/etc/sv/${service}/down`)) return supervised
  return tree.glob(`/etc/runlevels/*/${service}`).at(0)?.path
}

/** True if systemd starts a unit ("ssh.socket") at boot. */
export function isEnabled(tree: GuestTree, unit: string): boolean {
  const wants = [
    `/etc/systemd/system/*.wants/${unit}`,
    `/usr/lib/systemd/system/*.wants/${unit}`,
    `/lib/systemd/system/*.wants/${unit}`,
  ]
  return maskOf(tree, unit) === undefined && wants.some((pattern) => tree.glob(pattern).length > 0)
}

/** What in /etc keeps systemd from ever starting a unit: a link to /dev/null. */
export function maskOf(tree: GuestTree, unit: string): GuestNode | undefined {
  const node = tree.entry(`/etc/systemd/system/${unit}`)
  return node?.target === '/dev/null' ? node : undefined
}
