import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import type { BuiltGuest } from './guest.ts'
import { uuidText, vmxValues } from './guest.ts'

/** What a running guest sees of itself, as its probe prints it. */
export interface Seen {
  readonly hostname: string
  readonly fqdn: string
  readonly addresses: readonly {
    readonly ifname: string
    readonly address: string
    readonly addr_info: readonly {
      readonly family: string
      readonly local: string
      readonly prefixlen: number
    }[]
  }[]
  readonly routes: readonly { readonly dst: string; readonly gateway?: string; readonly dev: string }[]
  readonly macs: string
  readonly productUuid: string
  readonly machineId: string
  readonly dbusMachineId: string
  /** /etc/resolv.conf; with systemd-resolved, the file that names its servers. */
  readonly resolvConf: string
  readonly hosts: string
  /** `ssh-keygen -l` of what sshd serves on localhost, one key a line. */
  readonly hostKeys: string
  /** `systemctl is-system-running`. */
  readonly state: string
  /** `systemctl --failed`; empty if nothing failed. */
  readonly failed: string
  /** The instance that cloud-init has set up; empty without cloud-init. */
  readonly instance: string
  readonly peer: string
  readonly reached: boolean
  readonly ping: string
}

/** One machine to boot: its .vmx, the guest that it is a clone of, and the name that it pings. */
export interface Machine {
  readonly vmx: string
  readonly guest: BuiltGuest
  readonly peer: string
  /** The kernel's command line; absent: the one that the guest was built with. */
  readonly cmdline?: string
  /** A directory that cloud-init finds as a NoCloud seed, on a disk labelled cidata. */
  readonly seed?: string
}

/** Linux (emulated) needs about 40 s; the probe tries its peer for two minutes. */
const DEADLINE_MS = 900_000

/**
 * Boots two VMs at once with the MAC, UUID and PCI slot that their .vmx files say, their NICs joined by a unix
 * socket in `directory`, and gives what their probes saw. The disks are not written to.
 */
export async function bootPair(
  machines: readonly [Machine, Machine],
  directory: string,
): Promise<[Seen, Seen]> {
  const [first, second] = await bootBoth(machines, directory)
  return [parse(first), parse(second)]
}

/** The same with probes of their own: gives the line that each printed on ttyS1. */
export async function bootBoth(
  machines: readonly [Machine, Machine],
  directory: string,
): Promise<[string, string]> {
  const stop = new AbortController()
  const started: Started[] = []
  try {
    for (const [index, machine] of machines.entries())
      started.push(await start(machine, index, directory, stop.signal))
    const [first, second] = await Promise.all(started.map(printed))
    if (!first || !second) throw new Error('two machines are needed')
    return [first, second]
  } finally {
    stop.abort()
    await Promise.all(started.map((one) => one.ended))
  }
}

/** Boots one VM, and gives the line that a probe of its own printed on ttyS1. */
export async function bootAlone(machine: Machine, directory: string): Promise<string> {
  const stop = new AbortController()
  const started = await start(machine, 0, directory, stop.signal)
  try {
    return await printed(started)
  } finally {
    stop.abort()
    await started.ended
  }
}

interface Started {
  readonly vmx: string
  readonly probe: string
  readonly console: string
  readonly signal: AbortSignal
  readonly ended: Promise<unknown>
}

async function start(
  machine: Machine,
  index: number,
  directory: string,
  signal: AbortSignal,
): Promise<Started> {
  const probe = join(directory, `guest${index}.probe`)
  const console = join(directory, `guest${index}.console`)
  const args = await hardware(machine, index, directory)
  const serial = ['-serial', `file:${console}`, '-serial', `file:${probe}`]
  const ended = execa('qemu-system-x86_64', [...args, ...serial], {
    cancelSignal: signal,
    reject: false,
    stdin: 'ignore',
  })
  // The second connects to the socket on which the first listens; qemu does not try again.
  await Promise.race([until(() => stat(join(directory, 'lan.sock')), signal), ended])
  return { vmx: machine.vmx, probe, console, signal, ended: ended.then((end) => end.stderr) }
}

async function printed(started: Started): Promise<string> {
  const line = until(async () => {
    const first = /^[^\n]*\n/.exec(await text(started.probe))?.[0]
    return first ?? Promise.reject(new Error('nothing was printed'))
  }, started.signal)
  const result = await Promise.race([line, started.ended])
  if (typeof result === 'string' && result.startsWith('{')) return result
  throw new Error(`${started.vmx}: ${result}\n${(await text(started.console)).slice(-2000)}`)
}

async function until<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | Error> {
  const end = Date.now() + DEADLINE_MS
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (signal.aborted || Date.now() > end) return error as Error
    }
    await delay(500)
  }
}

async function hardware(machine: Machine, index: number, directory: string) {
  const { guest, seed } = machine
  const vmx = await vmxValues(machine.vmx)
  const mac = vmx.get('ethernet0.address') ?? vmx.get('ethernet0.generatedaddress')
  const slot = vmx.get('ethernet0.pcislotnumber')
  const disk = join(dirname(machine.vmx), vmx.get('scsi0:0.filename') ?? '')
  const cmdline = machine.cmdline ?? (await text(join(guest.boot, 'cmdline'))).trim()
  const socket = join(directory, 'lan.sock')
  return [
    // An old processor: emulating a newer one takes a sixth more time.
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-m', '512', '-cpu', 'qemu64'],
    // Native hot-plugging, so that the guest sees the slot number of the .vmx and names its interface by it.
    ...['-machine', 'q35,accel=tcg', '-global', 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off'],
    ...['-kernel', join(guest.boot, 'vmlinuz'), '-initrd', join(guest.boot, 'initrd')],
    ...['-append', `${cmdline} probe.peer=${machine.peer}`],
    ...['-smbios', `type=1,uuid=${uuidText(vmx.get('uuid.bios'))}`],
    ...['-drive', `file=${disk},format=vmdk,if=virtio,snapshot=on`],
    ...(seed === undefined ? [] : ['-drive', `driver=vvfat,dir=${seed},label=cidata,read-only=on,if=virtio`]),
    ...['-device', `pcie-root-port,id=port0,chassis=1,slot=${slot}`],
    ...['-device', `virtio-net-pci,bus=port0,netdev=lan,mac=${mac},romfile=`],
    '-netdev',
    `stream,id=lan,addr.type=unix,addr.path=${socket},${index === 0 ? 'server=on' : 'server=off'}`,
  ]
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

const ENCODED = ['macs', 'resolvConf', 'hosts', 'hostKeys', 'failed', 'ping'] as const

function parse(line: string): Seen {
  const seen = JSON.parse(line)
  for (const key of ENCODED) seen[key] = Buffer.from(seen[key], 'base64').toString('utf8')
  return seen
}
