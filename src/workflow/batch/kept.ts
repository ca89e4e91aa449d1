import { join } from 'node:path'
import type { Fault } from '../../errors/index.ts'
import type { FixedIdentity } from '../../identity/fixed.ts'
import { hostnameOf } from '../../identity/hostname.ts'
import { uuidFromBios } from '../../identity/uuid.ts'
import { locateVmx, readVmx } from '../../machine/read.ts'
import { VmxDocument } from '../../machine/vmx/document.ts'
import { readNics } from '../../machine/vmx/nics.ts'
import { readIfThere } from '../../transaction/atomic.ts'
import { recallFixed, recordedCard } from '../record.ts'
import type { CardNic, IdentityCard } from '../report.ts'
import { columnOf } from './claims.ts'
import type { BatchRow } from './types.ts'

/** A clone that an earlier run finished. */
export interface KeptClone {
  /** By its .vmx and, for what stands in its guest, by its record. */
  readonly card: IdentityCard
  /** The host name that it was given, with its domain if it has one; absent if it kept the template's. */
  readonly hostname?: string
  /** By device: the IPv4 address that it was given, without prefix. */
  readonly addresses: Readonly<Record<string, string>>
  /** Whether it stands on a template; absent if nothing tells. */
  readonly linked?: boolean
}

/** What an earlier run made in a directory; undefined if that is not a clone of a batch. */
export async function keptClone(directory: string, name: string): Promise<KeptClone | undefined> {
  try {
    const vmxPath = await locateVmx(join(directory, `${name}.vmx`))
    const fixed = await recallFixed({ directory, vmxPath })
    if (fixed === undefined) return undefined
    const { hostname, addresses } = fixed
    return {
      addresses,
      card: cardOf(await readVmx(vmxPath), fixed, recordedCard(fixed)),
      ...(hostname === undefined ? {} : { hostname }),
      ...(await linkOf(join(directory, `${name}.vmsd`))),
    }
  } catch {
    return undefined
  }
}

async function linkOf(path: string): Promise<Pick<KeptClone, 'linked'>> {
  const bytes = await readIfThere(path)
  return bytes === undefined ? {} : { linked: VmxDocument.parse(bytes, 'vmsd').get('cloneOf0') !== undefined }
}

function cardOf(vmx: VmxDocument, fixed: FixedIdentity, recorded: IdentityCard | undefined): IdentityCard {
  const displayName = vmx.get('displayName')
  const uuid = uuidFromBios(vmx.get('uuid.bios') ?? '')
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(recorded?.hostname === undefined ? {} : { hostname: recorded.hostname }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(/^[0-9a-f]{32}$/.test(fixed.machineId) ? { machineId: fixed.machineId } : {}),
    nics: readNics(vmx).map(({ device, mac, vmnet }) => {
      const ipv4 = fixed.addresses[device]
      const none: CardNic = { device, dns: [], ...(ipv4 === undefined ? {} : { ipv4 }) }
      const {
        mac: _mac,
        vmnet: _vmnet,
        ...inGuest
      } = recorded?.nics.find((nic) => nic.device === device) ?? none
      return {
        ...inGuest,
        ...(mac === undefined ? {} : { mac }),
        ...(vmnet === undefined ? {} : { vmnet }),
      }
    }),
    sshHostKeys: recorded?.sshHostKeys ?? [],
  }
}

/** What a row asks otherwise by now than its clone, which an earlier run made in `directory`, was given. */
export function keptFaults({ line, request }: BatchRow, kept: KeptClone, directory: string): Fault[] {
  const { card } = kept
  const fault = (column: string, what: string): Fault => ({
    ...{ line, column, message: `the clone was made by an earlier run, ${what}` },
    hint: `Ask for that, in the row or by an option, or remove ${directory} to have the clone made anew.`,
  })
  const uuid = request.uuid?.includes('-') && request.uuid !== card.uuid
  return [
    ...(isRenamed(request, kept) ? [fault('hostname', `with the host name ${kept.hostname}`)] : []),
    ...(uuid ? [fault('uuid', `with the UUID ${card.uuid ?? 'that VMware gives'}`)] : []),
    ...request.nics.flatMap((nic) => {
      const there = card.nics.find(({ device }) => device === (nic.device ?? card.nics[0]?.device))
      const column = (name: string): string => columnOf(nic, name)
      const address = kept.addresses[there?.device ?? '']
      const { mac = 'one that VMware gives', gateway } = there ?? {}
      const [told, prefix] = there?.ipv4?.split('/') ?? []
      const given = told === address && there?.ipv4 !== undefined ? there.ipv4 : address
      const moved = nic.ip !== undefined && nic.ip !== address
      const resized = nic.ip !== undefined && differs(nic.prefix, told === address ? prefix : undefined)
      return [
        ...(moved || resized ? [fault(column('ip'), `with ${given ?? 'no address of its own'}`)] : []),
        ...(nic.dhcp && address !== undefined ? [fault(column('dhcp'), `with ${given}`)] : []),
        ...(address !== undefined && differs(nic.gateway, gateway)
          ? [fault(column('gateway'), `with the gateway ${gateway}`)]
          : []),
        ...(nic.mac?.includes(':') && nic.mac !== there?.mac
          ? [fault(column('mac'), `with the MAC ${mac}`)]
          : []),
      ]
    }),
  ]
}

/** False too where one of them is not known. */
function differs(asked: string | number | undefined, given: string | undefined): boolean {
  return asked !== undefined && given !== undefined && String(asked) !== given
}

/** A name without a domain got the template's. */
function isRenamed({ hostname: asked = 'keep' }: BatchRow['request'], { hostname }: KeptClone): boolean {
  if (hostname === undefined || asked === 'keep' || asked === 'auto') return false
  const name = asked.toLowerCase()
  return name !== hostname && name !== hostnameOf(hostname).short
}
