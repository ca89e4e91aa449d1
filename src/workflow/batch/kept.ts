import { join } from 'node:path'
import { uuidFromBios } from '../../identity/uuid.ts'
import { locateVmx, readVmx } from '../../machine/read.ts'
import { readNics } from '../../machine/vmx/nics.ts'
import { recallFixed } from '../record.ts'
import type { IdentityCard } from '../report.ts'

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
