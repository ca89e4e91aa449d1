import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { idsIn, withNewIds, withNewIdsOutsideComments } from '../../src/operations/storage-uuids/mentions.ts'

const OLD = '3b0a09e5-8a3d-430a-82b1-3db6b02aae21'
const NEW = '11111111-2222-4333-8444-abcdefabcdef'
const GROUP = 'rl0aXY-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd'
const NEW_GROUP = 'Zz9yX8-0000-aaaa-BBBB-cccc-DDDD-eeEEff'
const VOLUME = 'XPgwvb-AAAA-bbbb-CCCC-dddd-EEEE-ffFFgg'
const RENEWALS = new Map(
  [
    [OLD, NEW],
    [GROUP, NEW_GROUP],
    ['9A14-C6C8', 'F00D-BEEF'],
    ['1234-5678', 'AFFE-0001'],
    ['ad2e8555-01', '44332211-01'],
  ].map(([before = '', after = '']) => [before.toLowerCase(), { before, after }]),
)
const swap = (text: string) => withNewIds(text, RENEWALS)
const escaped = (id: string) => id.replaceAll('-', '\\x2d')
const bare = (id: string) => id.replaceAll('-', '')

describe('ids in a text', () => {
  it.each([
    ['fstab', `UUID=${OLD} / ext4 defaults 0 1`, `UUID=${NEW} / ext4 defaults 0 1`],
    ['quotes', `UUID="${OLD}" / ext4`, `UUID="${NEW}" / ext4`],
    ['by-uuid', `/dev/disk/by-uuid/${OLD} / ext4`, `/dev/disk/by-uuid/${NEW} / ext4`],
    ['PARTUUID', 'root=PARTUUID=ad2e8555-01 ro', 'root=PARTUUID=44332211-01 ro'],
    ['FAT', 'UUID=9A14-C6C8 /boot/efi vfat', 'UUID=F00D-BEEF /boot/efi vfat'],
    ['FAT in lower case', 'uuid=9a14-c6c8', 'uuid=f00d-beef'],
    ['FAT without letters', 'UUID=1234-5678', 'UUID=AFFE-0001'],
    ['upper case', OLD.toUpperCase(), NEW.toUpperCase()],
    [
      'GRUB',
      `search --fs-uuid --set=root --hint='hd0,gpt2' ${OLD}`,
      `search --fs-uuid --set=root --hint='hd0,gpt2' ${NEW}`,
    ],
    ['stub', `search.fs_uuid ${OLD} root hd0,msdos1`, `search.fs_uuid ${NEW} root hd0,msdos1`],
    ['LUKS name', `rd.luks.uuid=luks-${OLD}`, `rd.luks.uuid=luks-${NEW}`],
    ['menu entry', `'gnulinux-simple-${OLD}' {`, `'gnulinux-simple-${NEW}' {`],
    ['unit', `dev-disk-by\\x2duuid-${escaped(OLD)}.device`, `dev-disk-by\\x2duuid-${escaped(NEW)}.device`],
    ['cryptomount', `cryptomount -u ${bare(OLD)}`, `cryptomount -u ${bare(NEW)}`],
    ['a LUKS device of LVM', `IDNAME=CRYPT-LUKS2-${bare(OLD)}-x`, `IDNAME=CRYPT-LUKS2-${bare(NEW)}-x`],
    ['GRUB’s LVM', `set root='lvmid/${GROUP}/${VOLUME}'`, `set root='lvmid/${NEW_GROUP}/${VOLUME}'`],
    ['PVID', `PVID=${bare(GROUP)} PART=2`, `PVID=${bare(NEW_GROUP)} PART=2`],
    ['lvm-pv-uuid', `/dev/disk/by-id/lvm-pv-uuid-${GROUP}`, `/dev/disk/by-id/lvm-pv-uuid-${NEW_GROUP}`],
    [
      'a unit of LVM',
      `by\\x2did-lvm\\x2dpv\\x2duuid\\x2d${escaped(GROUP)}.device`,
      `by\\x2did-lvm\\x2dpv\\x2duuid\\x2d${escaped(NEW_GROUP)}.device`,
    ],
    ['dm-uuid', `dm-uuid-LVM-${bare(GROUP)}${bare(VOLUME)}`, `dm-uuid-LVM-${bare(NEW_GROUP)}${bare(VOLUME)}`],
    ['several', `${OLD} ${OLD}`, `${NEW} ${NEW}`],
  ])('are replaced: %s', (_, text, expected) => {
    expect(swap(text)).toBe(expected)
  })

  it.each([
    `UUID=0${OLD}`,
    `UUID=${OLD}0`,
    `UUID=${bare(OLD)}0`,
    `${bare(GROUP)}${bare(VOLUME)}`,
    `LVM-${bare(GROUP)}${bare(VOLUME)}0`,
    GROUP.toUpperCase(),
    `x${GROUP}`,
    `UUID=${OLD.slice(0, -1)}`,
    `${OLD.slice(0, 13)}\\x2d${OLD.slice(14)}`,
    'x9A14-C6C8',
    '9A14-C6C8-0001',
    '0000-9A14-C6C8',
    'PARTUUID=ad2e8555-02',
    'PARTUUID=ad2e8555-011',
    '00-ad2e8555-01',
  ])('that are others stay: %s', (text) => {
    expect(swap(text)).toBe(text)
  })

  it('stay in comments of a table alone', () => {
    const table = `# UUID=${OLD} was sda1\r\n  #${OLD}\nUUID=${OLD}\t/ # ${OLD}\n`
    expect(withNewIdsOutsideComments(table, RENEWALS)).toBe(
      `# UUID=${OLD} was sda1\r\n  #${OLD}\nUUID=${NEW}\t/ # ${NEW}\n`,
    )
  })

  test.prop([fc.string(), fc.string()])('leave the rest and its length', (before, after) => {
    const text = `${before} UUID=${OLD} ${after}`
    const swapped = swap(text)
    expect(swapped).toHaveLength(text.length)
    expect(idsIn(text).has(OLD)).toBe(true)
    expect(idsIn(text).has(OLD)).toBe(true)
    expect(idsIn(swapped).has(OLD)).toBe(false)
    expect(swap(swapped)).toBe(swapped)
  })

  test.prop([fc.string({ unit: fc.constantFrom(...'0aF-x2d\\ =') })])('nothing else changes', (text) => {
    expect(swap(text)).toBe(text)
  })
})
