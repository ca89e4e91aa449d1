import type { GuestTree } from '../../guest/tree.ts'
import type { Notice } from '../../notices.ts'
import { type Change, idName } from '../../transaction/change.ts'
import { rewrite } from '../edit.ts'
import { NOTHING, type Operation } from '../operation.ts'
import { BOOT_FILES, DRACUT, filesLedTo, INITRAMFS, MENTIONS, STORAGE_READS, TABLES } from './files.ts'
import { type Renewals, withNewIds, withNewIdsOutsideComments } from './mentions.ts'
import { pinsOf } from './pins.ts'
import { decide, type Left, mentionsOf, type Renewal } from './renewals.ts'

const NAME = 'storage-uuids'

export const storageUuids: Operation = {
  name: NAME,
  heading: 'Give the file systems and partitions of the clone UUIDs of their own',
  description:
    'Replaces the UUIDs of ext2, ext3, ext4, XFS, btrfs and swap, those of LUKS headers and LVM’s volume groups by which nothing boots, the serial number of FAT, GPT disk and partition GUIDs and the MBR disk signature, so that the clone’s disk can be attached to a machine that has its source. Every file that names them follows: /etc/fstab, /etc/crypttab, the configuration of GRUB, systemd-boot, extlinux and syslinux with the kernel’s root= and resume=, /etc/default/grub, /etc/kernel/cmdline, /etc/initramfs-tools/conf.d, dracut.conf, mount and swap units, udev rules, LVM’s own files.',
  notes:
    'RAID members and LVM’s logical volumes keep their UUIDs, and so does what a boot loader or a unified kernel image has built in, a LUKS header that the initramfs or GRUB unlocks, one that is locked, and a volume group that GRUB or the initramfs may know by its UUIDs or that LVM cannot restore; notices say which. An ext4 file system with metadata checksums is written over in all its metadata, which takes longer the larger it is. With it clones of a batch are edited, not stamped.',
  default: false,
  reads: STORAGE_READS,
  disks: 'storage',
  plan({ guest: { tree, storage: ids = [] } }, identity) {
    if (ids.length === 0) return NOTHING
    const { renewals, left } = decide(ids, identity, pinsOf(tree, ids))
    const files = mentioned(tree, mentionsOf(ids, renewals))
    return {
      changes: [...files, ...renewals.map(changeOf)],
      notices: [...leftOver(left), ...bootNotices(tree, renewals)],
    }
  },
}

function mentioned(tree: GuestTree, renewals: Renewals): Change[] {
  const tables = new Set(filesLedTo(tree, TABLES).map(({ path }) => path))
  const purpose = { operation: NAME, summary: 'new UUIDs of file systems and partitions' }
  return filesLedTo(tree, MENTIONS).flatMap(({ path }) =>
    rewrite(tree, path, purpose, (text) =>
      (tables.has(path) ? withNewIdsOutsideComments : withNewIds)(text, renewals),
    ),
  )
}

function changeOf({ device, bearer, format, id, after }: Renewal): Change {
  const summary = `${idName({ bearer, format })} ${id} → ${after}`
  return {
    at: 'storage',
    kind: 'id',
    path: device,
    operation: NAME,
    summary,
    bearer,
    format,
    before: id,
    after,
  }
}

function leftOver(left: readonly Left[]): Notice[] {
  const reasons = new Set(left.map(({ reason }) => reason))
  return [...reasons].map((reason) => {
    const names = left
      .filter((one) => one.reason === reason)
      .map(({ device, bearer, format }) => `the ${idName({ bearer, format })} of ${device}`)
    return {
      code: 'storage-id-left',
      message: `The template’s, as before: ${names.join(', ')}; ${reason}.`,
      hint: 'Where the clone’s disk is attached beside its source, mount it by its device, XFS with nouuid; a volume group of LVM wants vgimportclone first.',
    }
  })
}

/** What the guest may still know by an old UUID when it boots. */
function bootNotices(tree: GuestTree, renewals: readonly Renewal[]): Notice[] {
  const volumes = renewals.filter(({ bearer }) => bearer === 'filesystem' || bearer === 'swap')
  if (volumes.length === 0) return []
  const [image] = filesLedTo(tree, INITRAMFS)
  const remembers = tree.exists(DRACUT) || volumes.some(({ bearer }) => bearer === 'swap')
  return [
    ...(image === undefined || !remembers
      ? []
      : [
          {
            code: 'initramfs-copy' as const,
            message: `${image.path} may name the swap to resume from, or other volumes, by their old UUIDs; the first start then waits for them, half a minute or longer.`,
            hint: 'Run `update-initramfs -u -k all` (or `dracut -f --regenerate-all`) once in the clone.',
          },
        ]),
    ...(filesLedTo(tree, BOOT_FILES).length > 0
      ? []
      : [
          {
            code: 'boot-loader-unknown' as const,
            message:
              'No configuration of a boot loader was found in the guest; whatever boots it must name its root file system by the new UUID.',
          },
        ]),
  ]
}
