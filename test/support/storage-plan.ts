import type { StorageId } from '../../src/guest/storage-id.ts'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { renewedStorageId } from '../../src/identity/storage-id.ts'
import { storageUuids } from '../../src/operations/storage-uuids/operation.ts'
import { identityOf, type Outcome, run, surveyOf } from './clone.ts'

export const ROOT = '3b0a09e5-8a3d-430a-82b1-3db6b02aae21'
export const GUID = 'd2b2bd1f-9a0a-4e07-bef8-6c557d450320'

export function id(
  device: string,
  format: string,
  value: string,
  bearer: StorageId['bearer'] = 'filesystem',
): StorageId {
  return { device, bearer, format, id: value }
}

export const grub = (root: string, partition = '') =>
  `search --no-floppy --fs-uuid --set=root ${root}\nlinux /boot/vmlinuz root=UUID=${root} ro ${partition}\n`
export const GRUB = guestFile('/boot/grub/grub.cfg', grub(ROOT))

export function plan(
  nodes: readonly GuestNode[],
  storage: readonly StorageId[],
  more: Partial<Identity> = {},
): Outcome {
  return run(surveyOf(nodes, { storage }), identityOf(more), storageUuids)
}

export const renewed = (old: string): string => renewedStorageId(new Uint8Array(32).fill(9), old) ?? ''
export const codes = ({ notices }: Outcome): string[] => notices.map(({ code }) => code)
export const devices = ({ changes }: Outcome): string[] =>
  changes.flatMap((change) => (change.kind === 'id' ? `${change.path} ${change.bearer}` : []))
