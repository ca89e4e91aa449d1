import { asVmcloneError, type Fault } from '../../errors/index.ts'
import { checkStaticMac, macKind } from '../../identity/mac.ts'
import type { NicRequest } from '../../identity/request.ts'
import type { Nic } from '../../machine/vmx/nics.ts'
import { ownerInVmnet } from '../../network/check.ts'
import { hostFault, inSubnet } from '../../network/ipv4.ts'
import { hostFault6 } from '../../network/ipv6.ts'
import type { Vmnet } from '../../network/model.ts'
import { columnOf } from './claims.ts'
import type { BatchFacts, StandingVm } from './facts.ts'
import type { BatchRow } from './types.ts'

/** What a row's cards are checked against. */
export interface NicContext {
  readonly facts: Pick<BatchFacts, 'vmnets'>
  /** What the clone is or is made from; absent if it cannot be read. */
  readonly vm: StandingVm | undefined
  readonly force: boolean
}

/** What is wrong with the addresses of a row, and with values that it would share with its template. */
export function checkNics(row: BatchRow, { facts, vm, force }: NicContext): Fault[] {
  const { line, request } = row
  const faults: Fault[] = []
  const tell = (column: string, message: string, hint: string) => faults.push({ line, column, message, hint })
  if (!force && row.vmx === undefined && request.uuid === 'keep') {
    tell(
      'uuid',
      'keep would give the clone the UUID of the template',
      'Leave it to be drawn, or use --force.',
    )
  }
  const seen = new Set<string>()
  for (const nic of request.nics) {
    const card = vm?.nics.find(({ device }) => device === (nic.device ?? vm.nics[0]?.device))
    const column = columnOf(nic, firstPart(nic))
    if (vm !== undefined && card === undefined) {
      const has = vm.nics.map(({ device }) => device).join(', ') || 'none'
      tell(column, `the VM has no network card ${nic.device ?? 'at all'}`, `It has ${has}.`)
      continue
    }
    const device = card?.device ?? nic.device ?? 'ethernet0'
    if (seen.has(device)) tell(column, `${device} is spoken of twice`, 'Plain columns mean the first card.')
    seen.add(device)
    const vmnet = facts.vmnets.find(({ name }) => name === card?.vmnet)
    checkMac(nic, { row, card, force }, tell)
    checkAddress(nic, vmnet, tell)
  }
  return faults
}

type Tell = (column: string, message: string, hint: string) => void

function firstPart(nic: NicRequest): string {
  return Object.keys(nic).find((part) => part !== 'device') ?? 'ip'
}

function checkMac(
  nic: NicRequest,
  { row, card, force }: { row: BatchRow; card: Nic | undefined; force: boolean },
  tell: Tell,
): void {
  const { mac } = nic
  const column = columnOf(nic, 'mac')
  if (mac?.includes(':')) {
    try {
      checkStaticMac(mac)
    } catch (thrown) {
      const { message, hint } = asVmcloneError(thrown)
      tell(column, message, hint)
    }
  }
  // VMware makes a generated address anew once the UUID is another.
  const stays = card?.mac !== undefined && (row.request.uuid === 'keep' || macKind(card.mac) !== 'generated')
  if (mac === 'keep' && stays && row.vmx === undefined && !force)
    tell(column, 'keep would give the clone the MAC of the template', 'Leave it to be drawn, or use --force.')
}

function checkAddress(nic: NicRequest, vmnet: Vmnet | undefined, tell: Tell): void {
  const { ip, ip6, prefix, gateway, gateway6 } = nic
  const column = columnOf(nic, 'ip')
  const hint = 'Choose another address or prefix.'
  if (ip !== undefined) {
    const home = vmnet?.subnet !== undefined && inSubnet(ip, vmnet.subnet) ? vmnet.subnet.prefix : undefined
    const length = prefix ?? home
    const fault = hostFault({ address: ip, prefix: length ?? 32 })
    const owner = vmnet === undefined ? undefined : ownerInVmnet(ip, vmnet)
    if (fault !== undefined) tell(column, `${ip} cannot be used: it ${fault}`, hint)
    else if (owner !== undefined) tell(column, `${ip} is ${owner}`, hint)
    if (gateway === ip) tell(column, `${ip} is its own gateway`, hint)
    else if (
      gateway !== undefined &&
      gateway !== 'none' &&
      prefix !== undefined &&
      !inSubnet(gateway, { address: ip, prefix })
    )
      tell(
        columnOf(nic, 'gateway'),
        `gateway ${gateway} does not lie in ${ip}/${prefix}`,
        'Give one that does, or another prefix.',
      )
  }
  if (ip6 === undefined) return
  const fault = hostFault6(ip6.address)
  if (fault !== undefined) tell(columnOf(nic, 'ip6'), `${ip6.address} cannot be used: it ${fault}`, hint)
  else if (gateway6 === ip6.address) tell(columnOf(nic, 'ip6'), `${gateway6} is its own gateway`, hint)
}
