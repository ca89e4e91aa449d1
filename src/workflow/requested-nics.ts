import { VmcloneError } from '../errors/index.ts'
import { parseMac } from '../identity/mac.ts'
import type { NicRequest } from '../identity/request.ts'
import type { Nic } from '../machine/vmx/nics.ts'

const FIRST = 'ethernet0'

/** The NICs of a machine that has no .vmx: those that the request speaks of, with the addresses that it says they had. */
export function requestedNics(requests: readonly NicRequest[]): Nic[] {
  const named = requests.map((request) => request.device ?? FIRST)
  const devices = [...new Set(named.length === 0 ? [FIRST] : named)]
  return devices.sort(byNumber).map((device) => {
    const old = requests.find((request) => (request.device ?? FIRST) === device)?.oldMac
    const mac = old === undefined ? undefined : parseMac(old)
    return { device, macs: mac === undefined ? [] : [mac], ...(mac === undefined ? {} : { mac }) }
  })
}

/** What becomes of an address of which only the old one, or nothing, is known: others are made elsewhere, or all stays. */
export function defaultMac({ mac }: Nic): 'vmware' | 'keep' {
  return mac === undefined ? 'keep' : 'vmware'
}

/** Throws BAD_OPTION if the request says what only a .vmx can. */
export function refuseOldMac(requests: readonly NicRequest[]): void {
  const request = requests.find(({ oldMac }) => oldMac !== undefined)
  if (request === undefined) return
  const nic = request.device ?? 'the network card'
  throw new VmcloneError('BAD_OPTION', `the old MAC of ${nic} stands in the .vmx already`, {
    hint: 'Leave old-mac out; it is for vmclone-fix tree.',
  })
}

function byNumber(one: string, other: string): number {
  return Number(one.replace(/\D/g, '')) - Number(other.replace(/\D/g, ''))
}
