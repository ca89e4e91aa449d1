import type { CloneRequest, NicRequest } from '../../../src/identity/request.ts'
import type { Nic } from '../../../src/machine/vmx/nics.ts'
import type { BatchFacts } from '../../../src/workflow/batch/facts.ts'
import type { BatchRow } from '../../../src/workflow/batch/types.ts'

export const CARD: Nic = {
  device: 'ethernet0',
  mac: '00:50:56:00:00:01',
  macs: ['00:50:56:00:00:01'],
  vmnet: 'vmnet8',
}
export const TEMPLATE = {
  vmx: '/vms/base/base.vmx',
  displayName: 'base',
  nics: [CARD],
  uuid: '564d0000-0000-0000-0000-000000000001',
}
/** A template in vms/, a VM beside it, and a NAT network. */
export const FACTS: BatchFacts = {
  template: TEMPLATE,
  templateDirectory: 'base',
  existing: new Map(),
  entries: new Set(['base', 'old', 'notes.txt']),
  neighbours: [
    {
      vmx: '/vms/old/old.vmx',
      directory: 'old',
      addresses: ['192.168.8.77'],
      hostnames: ['web7', 'web7.lab.test'],
      displayName: 'Old One',
      nics: [{ device: 'ethernet0', macs: ['00:50:56:00:00:02'] }],
      uuid: '564d0000-0000-0000-0000-000000000002',
    },
  ],
  vmnets: [
    {
      name: 'vmnet8',
      mode: 'nat',
      subnet: { address: '192.168.8.0', prefix: 24 },
      gateway: '192.168.8.2',
      hostAddress: '192.168.8.1',
      dhcpRange: { first: '192.168.8.128', last: '192.168.8.254' },
      reservations: [{ mac: '00:50:56:00:00:09', address: '192.168.8.20' }],
    },
  ],
  to: 'vms',
}

export function row(
  line: number,
  name: string,
  nic: NicRequest = {},
  more: Partial<CloneRequest> = {},
): BatchRow {
  return {
    name,
    line,
    request: { name, nics: [nic], hosts: [], enable: [], disable: [], hostname: name.toLowerCase(), ...more },
  }
}
