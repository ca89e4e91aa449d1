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
