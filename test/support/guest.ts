import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'

/** A guest made by scripts/build-guest; shared by all tests, so never written to. */
export interface BuiltGuest {
  /** The VM's directory. */
  readonly template: string
  /** vmlinuz, initrd and cmdline. */
  readonly boot: string
  /** Of the guest's own files, noted when it was made. */
  readonly machineId: string
  readonly fingerprints: readonly string[]
}

/** Who brings a built guest's network up: a file in scripts/guest-stacks. */
export type Stack =
  | 'ifupdown'
  | 'networkmanager'
  | 'netplan-networkd'
  | 'netplan-networkmanager'
  | 'networkd'
  | 'netplan-cloud-init'
  | 'dhcpcd'
  | 'connman'
  | 'ifupdown-ng'
  | 'firewalled'

/** How a built guest's disk is laid out: a file in scripts/guest-layouts. */
export type Layout = 'plain' | 'lvm-xfs' | 'btrfs' | 'luks'

/** Builds the guest, or takes it from the cache. It has the probe. */
export async function buildGuest(
  addressing: 'dhcp' | 'static',
  stack: Stack = 'ifupdown',
  layout: Layout = 'plain',
): Promise<BuiltGuest> {
  const args = [
    '--probe',
    '--stack',
    stack,
    '--layout',
    layout,
    ...(addressing === 'static' ? ['--static'] : []),
  ]
  const { stdout } = await execa(resolve('scripts/build-guest'), args, { stdin: 'ignore' })
  const fact = (name: string) => readFile(join(stdout, 'facts', name), 'utf8')
  return {
    template: join(stdout, 'template'),
    boot: join(stdout, 'boot'),
    machineId: (await fact('machine-id')).trim(),
    fingerprints: fingerprintsIn(await fact('host-keys')),
  }
}

/** The "SHA256:…" in what `ssh-keygen -l` printed, sorted. */
export function fingerprintsIn(listing: string): string[] {
  return [...listing.matchAll(/SHA256:\S+/g)].map(([fingerprint]) => fingerprint).sort()
}

/** A copy of a VM's directory, as a user makes one; gives the path of its .vmx. */
export async function copyVm(from: string, to: string): Promise<string> {
  await execa('cp', ['-a', '--reflink=auto', from, to])
  return join(to, 'template.vmx')
}

/** Values of a .vmx in plain UTF-8, keys in lower case: read without the code under test. */
export async function vmxValues(path: string): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const match = /^([\w.:]+) *= *"([^"]*)"/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) values.set(match[1].toLowerCase(), match[2])
  }
  return values
}

/** Canonical text of uuid.bios, in file order. */
export function uuidText(value: string | undefined): string {
  const hex = (value ?? '').replace(/[^0-9a-f]/gi, '').toLowerCase()
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
