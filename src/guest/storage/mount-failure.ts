import { VmcloneError } from '../../errors/index.ts'

const PACKAGES: Readonly<Record<string, string>> = {
  xfs: 'libguestfs-xfs (Debian, Ubuntu) or libguestfs-xfs and xfsprogs (Fedora, RHEL)',
  btrfs: 'btrfs-progs (Debian, Ubuntu, Fedora)',
  vfat: 'dosfstools (Debian, Ubuntu, Fedora)',
}

/** Why a file system cannot be mounted, from what mount said. */
export function mountFailure(device: string, type: string, words: string): VmcloneError {
  if (/unknown filesystem type|No such device/i.test(words)) {
    const packages = PACKAGES[type]
    return new VmcloneError(
      'FILESYSTEM_TOOL_MISSING',
      `the appliance cannot mount ${device}: it does not know ${type}`,
      packages === undefined ? {} : { hint: `Install ${packages} on this host.` },
    )
  }
  return new VmcloneError('FILESYSTEM_DAMAGED', `${device} (${type}) cannot be mounted: ${words}`)
}
