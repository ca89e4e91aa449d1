import { devices } from './devices.ts'
import type { VmxDocument } from './document.ts'

/** One present network adapter of a VM. MACs in lower case with colons. */
export interface Nic {
  /** "ethernet0" */
  readonly device: string
  /** The address in force now: static or generated; absent before first power-on. */
  readonly mac?: string
  /** All addresses in any of its keys. */
  readonly macs: readonly string[]
  readonly pciSlotNumber?: number
  /** The host network it is on, "vmnet8" for NAT; absent if unknown (ESXi port groups). */
  readonly vmnet?: string
  /** "e1000", "vmxnet3", … */
  readonly virtualDev?: string
}

/** By what documents share whose adapters are the same: few edits touch one. */
const known = new WeakMap<object, readonly Nic[]>()

/** The network adapters whose `present` is TRUE, by number. */
export function readNics(vmx: VmxDocument): readonly Nic[] {
  const nics =
    known.get(vmx.adapters) ??
    devices(vmx, /^ethernet\d+$/)
      .filter((device) => vmx.isTrue(`${device}.present`))
      .map((device) => readNic(vmx, device))
  known.set(vmx.adapters, nics)
  return nics
}

function readNic(vmx: VmxDocument, device: string): Nic {
  const own = macOf(vmx, `${device}.address`)
  const generated = macOf(vmx, `${device}.generatedAddress`)
  const mac = addressType(vmx, device) === 'static' ? own : generated
  const slot = vmx.get(`${device}.pciSlotNumber`) ?? ''
  const vmnet = vmnetOf(vmx, device)
  const virtualDev = vmx.get(`${device}.virtualDev`)
  return {
    device,
    ...(mac === undefined ? {} : { mac }),
    macs: [...new Set([mac, own, generated].filter((one) => one !== undefined))],
    ...(/^\d+$/.test(slot) ? { pciSlotNumber: Number(slot) } : {}),
    ...(vmnet === undefined ? {} : { vmnet }),
    ...(virtualDev ? { virtualDev } : {}),
  }
}

/** "static", "generated" (also where nothing is said) or "vpx", in lower case. */
export function addressType(vmx: VmxDocument, device: string): string {
  return vmx.get(`${device}.addressType`)?.toLowerCase() || 'generated'
}

function macOf(vmx: VmxDocument, key: string): string | undefined {
  const mac = vmx.get(key)?.trim().toLowerCase().replaceAll('-', ':') ?? ''
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined
}

function vmnetOf(vmx: VmxDocument, device: string): string | undefined {
  const type = vmx.get(`${device}.connectionType`)?.toLowerCase() || 'bridged'
  if (type === 'nat') return 'vmnet8'
  if (type === 'hostonly') return 'vmnet1'
  if (type === 'custom')
    return /(?:^|[/\\])(vmnet\d+)$/i.exec(vmx.get(`${device}.vnet`) ?? '')?.[1]?.toLowerCase()
  return type === 'bridged' && !vmx.get(`${device}.networkName`) ? 'vmnet0' : undefined
}
