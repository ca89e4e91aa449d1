import { VmcloneError } from '../errors/index.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { OsRelease } from '../operations/survey.ts'

/** What must be read to know guests whose /etc is no place to write. */
export const IMAGE_READS: readonly GuestRead[] = [
  '/etc/NIXOS',
  '/ostree/repo',
  '/sysroot/ostree',
  '/*.apkovl.tar.gz',
  '/boot/*.apkovl.tar.gz',
].map((path) => ({ path, attributes: true }))

const OSTREE =
  'Change the configuration in the image (Ignition, kickstart or a layered package), or boot each clone once.'

/** Throws GUEST_UNSUPPORTED for guests that make their /etc anew from elsewhere: NixOS, ostree, CoreOS, diskless Alpine. */
export function refuseImageBased(tree: GuestTree, os: OsRelease): void {
  const refuse = (what: string, why: string, hint: string): never => {
    throw new VmcloneError('GUEST_UNSUPPORTED', `the guest is ${what}: ${why}`, { hint })
  }
  if (tree.exists('/etc/NIXOS') || os.id === 'nixos')
    refuse(
      os.prettyName === 'linux' ? 'NixOS' : os.prettyName,
      '/etc is made from /etc/nixos/configuration.nix',
      'Set networking.hostName and networking.interfaces there, and run nixos-rebuild in the clone.',
    )
  const ostree = ['/ostree/repo', '/sysroot/ostree'].find((path) => tree.exists(path))
  if (ostree !== undefined) refuse(os.prettyName, `its files are deployed from an image (${ostree})`, OSTREE)
  if (/^(fedora-coreos|rhcos|coreos)$/.test(os.id))
    refuse(os.prettyName, 'its files are deployed from an image', OSTREE)
  const [overlay] = ['/*.apkovl.tar.gz', '/boot/*.apkovl.tar.gz'].flatMap((pattern) => tree.glob(pattern))
  if (overlay)
    refuse(
      os.prettyName,
      `/etc is unpacked from ${overlay.path} at every boot`,
      'Change it in a running clone and save it by "lbu commit", or install Alpine to disk (setup-disk -m sys).',
    )
}
