import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { type BuiltGuest, copyVm, vmxValues } from './guest.ts'

const MIB = 1024 * 1024
/** Where scripts/build-guest puts the file system, and where the swap and an encrypted volume come, in MiB. */
const ROOT = 1
const SWAP = 2048
const SWAP_SIZE = 64
const VAULT = SWAP + SWAP_SIZE
const VAULT_SIZE = 20

/** What opens the encrypted volume. */
export const KEY = 'the key of the vault'
const KEY_FILE = '/etc/vault.key'

/** What tells the disks of a guest from others. */
export interface StorageMarks {
  /** The UUIDs of file system, swap and encrypted volume, the MBR's signature, ddb.uuid. */
  readonly root: string
  readonly swap: string
  readonly vault: string
  readonly signature: string
  readonly disk: string
}

/** Prints what the running guest sees, and which files below /etc and /boot name an old id, as one line of JSON on ttyS1. */
const PROBE = `#!/bin/sh
exec 2>/dev/null
old=$(grep -rlIiF -f /usr/local/share/old-ids /etc /boot | tr '\\n' ' ')
state=$(systemctl is-system-running --wait)
printf '{"root":"%s","swap":"%s","vault":"%s","partuuid":"%s","old":"%s","state":"%s","failed":"%s"}\\n' \\
  "$(findmnt -no UUID /)" "$(swapon --show=UUID --noheadings)" "$(cat /sys/block/dm-*/dm/uuid)" "$(findmnt -no PARTUUID /)" "$old" "$state" \\
  "$(systemctl --failed --plain --no-legend | tr '\\n' ' ')" >/dev/ttyS1
`
const UNIT = `[Unit]
Description=Print what this guest sees of its disks
[Service]
Type=exec
ExecStart=/usr/local/sbin/storage-probe
[Install]
WantedBy=multi-user.target
`

/** The configuration of a boot loader, as grub-mkconfig writes it. */
const grubCfg = (root: string, signature: string): string => `set timeout=0
menuentry 'Debian' $menuentry_id_option 'gnulinux-simple-${root}' {
  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,msdos1  ${root}
  linux /boot/vmlinuz root=UUID=${root} ro quiet
}
menuentry 'Debian by partition' {
  linux /boot/vmlinuz root=PARTUUID=${signature}-01 ro quiet
}
`

/**
 * A copy of a built guest with a swap and a LUKS partition beside its file system, all known by their UUIDs, the configuration of a boot
 * loader, and a ddb.uuid. Made without an appliance. Gives the path of its .vmx.
 */
export async function makeStorageGuest(
  guest: BuiltGuest,
  to: string,
): Promise<{ readonly vmx: string; readonly marks: StorageMarks }> {
  const vmx = await copyVm(guest.template, to)
  const disk = join(to, 'template.vmdk')
  const raw = join(to, 'disk.raw')
  await execa('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
  await execa('find', [to, '-name', '*.vmdk', '-delete'])
  await execa('truncate', ['-s', `${VAULT + VAULT_SIZE + 1}M`, raw])
  const parts = [
    `start=${SWAP}MiB, size=${SWAP_SIZE}MiB, type=82`,
    `start=${VAULT}MiB, size=${VAULT_SIZE}MiB`,
  ]
  await execa('/usr/sbin/sfdisk', ['-q', '--append', raw], { input: `${parts.join('\n')}\n` })
  await putPart(raw, [SWAP, SWAP_SIZE], (part) => execa('/usr/sbin/mkswap', [part]))
  await putPart(raw, [VAULT, VAULT_SIZE], (part) =>
    execa('cryptsetup', ['luksFormat', ...LUKS, part], { input: KEY }),
  )
  const found = await marksOf(raw)
  await furnish(raw, to, found)
  const options = 'subformat=twoGbMaxExtentSparse,adapter_type=lsilogic,hwversion=20'
  await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vmdk', '-o', options, raw, disk])
  await rm(raw)
  const uuid = '60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c'
  await writeFile(
    disk,
    `${(await readFile(disk, 'latin1')).replace(/\0+$/, '')}ddb.uuid = "${uuid}"\n`,
    'latin1',
  )
  return { vmx, marks: { ...found, disk: uuid } }
}

/** Without an appliance and at once: how hard the key is to guess does not matter here. */
const LUKS = ['-q', '--type=luks2', '--pbkdf=pbkdf2', '--pbkdf-force-iterations=1000', '--key-file=-']

async function putPart(
  raw: string,
  [start, size]: readonly [number, number],
  make: (part: string) => Promise<unknown>,
): Promise<void> {
  const part = `${raw}.part`
  await execa('truncate', ['-s', `${size}M`, part])
  await make(part)
  await execa('dd', [`if=${part}`, `of=${raw}`, `seek=${start}`, 'bs=1M', 'conv=notrunc', 'status=none'])
  await rm(part)
}

/** What blkid of this host finds on a VM's disk, and what its descriptor says. */
export async function readMarks(vmx: string): Promise<StorageMarks> {
  const directory = dirname(vmx)
  const disk = join(directory, (await vmxValues(vmx)).get('scsi0:0.filename') ?? '')
  const raw = join(directory, 'marks.raw')
  await execa('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
  const marks = await marksOf(raw)
  await execa('/usr/sbin/e2fsck', ['-fn', `${raw}?offset=${ROOT * MIB}`])
  await rm(raw)
  return { ...marks, disk: /^ddb\.uuid = "(.*)"$/m.exec(await readFile(disk, 'latin1'))?.[1] ?? '' }
}

async function marksOf(raw: string): Promise<Omit<StorageMarks, 'disk'>> {
  const blkid = async (...args: readonly string[]): Promise<string> =>
    (await execa('/usr/sbin/blkid', ['-p', ...args, '-o', 'value', raw])).stdout.trim()
  const range = (start: number, size: number) => [
    '-O',
    String(start * MIB),
    '-S',
    String(size * MIB),
    '-s',
    'UUID',
  ]
  return {
    signature: await blkid('-s', 'PTUUID'),
    root: await blkid(...range(ROOT, SWAP - ROOT)),
    swap: await blkid(...range(SWAP, SWAP_SIZE)),
    vault: await blkid(...range(VAULT, VAULT_SIZE)),
  }
}

async function furnish(raw: string, scratch: string, ids: Omit<StorageMarks, 'disk'>): Promise<void> {
  const { root, swap, vault, signature } = ids
  const device = `${raw}?offset=${ROOT * MIB}`
  const { stdout: fstab } = await execa('/usr/sbin/debugfs', ['-R', 'cat /etc/fstab', device])
  const wants = '/etc/systemd/system/multi-user.target.wants'
  const files: Readonly<Record<string, string>> = {
    '/etc/fstab': `${fstab}\nUUID=${swap} none swap sw 0 0\n`,
    '/etc/crypttab': `vault UUID=${vault} ${KEY_FILE} luks\n`,
    [KEY_FILE]: KEY,
    '/etc/default/grub': `GRUB_CMDLINE_LINUX_DEFAULT="quiet resume=UUID=${swap}"\n`,
    '/etc/initramfs-tools/conf.d/resume': `RESUME=UUID=${swap}\n`,
    '/boot/grub/grub.cfg': grubCfg(root, signature),
    '/usr/local/sbin/storage-probe': PROBE,
    '/usr/local/share/old-ids': `${root}\n${swap}\n${vault}\n${signature}-01\n`,
    '/etc/systemd/system/storage-probe.service': UNIT,
  }
  const commands = [`rm ${wants}/probe.service`, 'mkdir /boot/grub', 'rm /etc/fstab', 'rm /etc/default/grub']
  for (const [at, [path, text]] of Object.entries(files).entries()) {
    const file = join(scratch, `file${at}`)
    await writeFile(file, text, { mode: path.includes('/sbin/') ? 0o755 : path === KEY_FILE ? 0o600 : 0o644 })
    commands.push(`write ${file} ${path}`)
  }
  commands.push(`symlink ${wants}/storage-probe.service /etc/systemd/system/storage-probe.service`)
  await execa('/usr/sbin/debugfs', ['-w', '-f', '-', device], { input: `${commands.join('\n')}\n` })
  for (const at of Object.keys(files).keys()) await rm(join(scratch, `file${at}`))
  // 1: what debugfs left uncounted was corrected.
  await execa('/usr/sbin/e2fsck', ['-fy', device], { reject: false })
  await execa('/usr/sbin/e2fsck', ['-fn', device])
}
