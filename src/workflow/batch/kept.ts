import { join } from 'node:path'
import type { Fault } from '../../errors/index.ts'
import { uuidFromBios } from '../../identity/uuid.ts'
import { locateVmx, readVmx } from '../../machine/read.ts'
import { readNics } from '../../machine/vmx/nics.ts'
import { recallFixed } from '../record.ts'
import type { IdentityCard } from '../report.ts'
import { columnOf } from './claims.ts'
import type { BatchRow } from './types.ts'

/** The identity of a clone that an earlier run finished, by its .vmx and its record; undefined if it is not one. */
export async function cardOfRecord(directory: string, name: string): Promise<IdentityCard | undefined> {
  try {
    const vmxPath = await locateVmx(join(directory, `${name}.vmx`))
    const fixed = await recallFixed({ directory, vmxPath })
    if (fixed === undefined) return undefined
    const vmx = await readVmx(vmxPath)
    const displayName = vmx.get('displayName')
    const uuid = uuidFromBios(vmx.get('uuid.bios') ?? '')
    return {
      ...(displayName === undefined ? {} : { displayName }),
      ...(uuid === undefined ? {} : { uuid }),
      ...(/^[0-9a-f]{32}$/.test(fixed.machineId) ? { machineId: fixed.machineId } : {}),
      nics: readNics(vmx).map(({ device, mac }) => {
        const ipv4 = fixed.addresses[device]
        return {
          device,
          ...(mac === undefined ? {} : { mac }),
          ...(ipv4 === undefined ? {} : { ipv4 }),
          dns: [],
        }
      }),
      sshHostKeys: [],
    }
  } catch {
    return undefined
  }
}

/** What a row asks otherwise by now than its clone, which an earlier run made in `directory`, was given. */
export function keptFaults({ line, request }: BatchRow, card: IdentityCard, directory: string): Fault[] {
  const fault = (column: string, what: string): Fault => ({
    ...{ line, column, message: `the clone was made by an earlier run, ${what}` },
    hint: `Put the row back as it was, or remove ${directory} to have the clone made anew.`,
  })
  const uuid = request.uuid?.includes('-') && request.uuid !== card.uuid
  return [
    ...(uuid ? [fault('uuid', `with the UUID ${card.uuid ?? 'that VMware gives'}`)] : []),
    ...request.nics.flatMap((nic) => {
      const there = card.nics.find(({ device }) => device === (nic.device ?? card.nics[0]?.device))
      const column = (name: string): string => columnOf(nic, name)
      const { ipv4 = 'no address of its own', mac = 'one that VMware gives' } = there ?? {}
      return [
        ...(nic.ip !== undefined && nic.ip !== there?.ipv4 ? [fault(column('ip'), `with ${ipv4}`)] : []),
        ...(nic.dhcp && there?.ipv4 !== undefined ? [fault(column('dhcp'), `with ${ipv4}`)] : []),
        ...(nic.mac?.includes(':') && nic.mac !== there?.mac
          ? [fault(column('mac'), `with the MAC ${mac}`)]
          : []),
      ]
    }),
  ]
}
