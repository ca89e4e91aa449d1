import { VmcloneError } from '../../../src/errors/index.ts'
import type { BatchClone, BatchReport } from '../../../src/workflow/batch/types.ts'
import type { IdentityCard } from '../../../src/workflow/report.ts'
import { FIXED } from './reports.ts'

const hex = (index: number, digits: number) => index.toString(16).padStart(digits, '0')

function cardOf(index: number, name: string): IdentityCard {
  return {
    displayName: name,
    hostname: name,
    uuid: `564d1234-5678-9abc-def0-${hex(index, 12)}`,
    machineId: `0123456789abcdef${hex(index * 7919, 16)}`,
    nics: [
      {
        device: 'ethernet0',
        vmnet: 'vmnet8',
        mac: `00:50:56:0a:${hex(index >> 8, 2)}:${hex(index & 255, 2)}`,
        ipv4: `192.168.${8 + (index >> 8)}.${index & 255}/22`,
        gateway: '192.168.8.2',
        dns: ['192.168.8.2'],
        profile: 'ens33',
        dialect: 'netplan',
      },
    ],
    sshHostKeys: [{ type: 'ed25519', fingerprint: `SHA256:${hex(index, 43)}` }],
  }
}

/** A clone as the engine reports it, number `index` of its batch. */
export function clone(index: number, more: Partial<BatchClone> = {}): BatchClone {
  const name = more.name ?? `node${index}`
  return {
    name,
    line: index + 1,
    vmx: `vms/${name}/${name}.vmx`,
    status: 'fixed',
    how: 'stamped',
    identity: cardOf(index, name),
    changes: FIXED.changes.map((change) =>
      change.at === 'vmx' ? { ...change, path: `${name}.vmx` } : change,
    ),
    notices: FIXED.notices,
    seconds: 0.2,
    ...more,
  }
}

const NETWORKS: NonNullable<BatchReport['vmnets']> = [
  {
    name: 'vmnet8',
    mode: 'nat',
    subnet: { address: '192.168.8.0', prefix: 22 },
    gateway: '192.168.8.2',
    hostAddress: '192.168.8.1',
    dhcpRange: { first: '192.168.11.1', last: '192.168.11.254' },
    reservations: [],
  },
]

/** A batch of these clones. */
export function batch(clones: readonly BatchClone[], more: Partial<BatchReport> = {}): BatchReport {
  return {
    clones,
    hosts: clones.map(({ name }, index) => ({ address: `192.168.8.${index + 1}`, names: [name] })),
    notices: [],
    template: 'base/base.vmx',
    clone: 'linked',
    vmnets: NETWORKS,
    seconds: 31.24,
    timings: [
      { what: 'reading the template', seconds: 11.2 },
      { what: 'SSH host keys', seconds: 19.75 },
      { what: 'editing', seconds: 12 },
      { what: 'stamping', seconds: 0.25 },
    ],
    ...more,
  }
}

const diskFull = (name: string) =>
  new VmcloneError('DISK_MISSING', `${name}.vmdk is not there`, { hint: 'Copy it again.' })

/** What names may hold to do harm on a page or a screen. */
export const HOSTILE = '<script>alert(1)</script>"\'&\u202e\u001b[2J'

/** One of each outcome, names in two scripts, one that is hostile. */
export const BATCH = batch([
  clone(1, { readBack: true }),
  clone(2, { how: 'edited', name: '節點二號' }),
  clone(3, { kept: true, changes: [], notices: [] }),
  clone(4, { name: HOSTILE }),
  clone(5, { status: 'failed', error: diskFull('node5'), changes: [] }),
  clone(6, { status: 'failed', error: diskFull('node6'), changes: [] }),
])

/** Many alike. */
export function many(count: number): BatchReport {
  return batch(Array.from({ length: count }, (_, index) => clone(index + 1)))
}

/** Three clones with two network cards each, on a NAT and on a host-only network; nothing written yet. */
export const PLAN = batch(
  [1, 2, 3].map((index) => {
    const { identity, ...rest } = clone(index, { status: 'planned' })
    const second = {
      device: 'ethernet1',
      vmnet: 'vmnet1',
      mac: `00:50:56:0b:00:${hex(index, 2)}`,
      ipv4: `10.0.0.${index}/24`,
      dns: [],
    }
    const { how: _how, ...planned } = rest
    return {
      ...planned,
      identity: { ...(identity as IdentityCard), nics: [...(identity?.nics ?? []), second] },
    }
  }),
)
