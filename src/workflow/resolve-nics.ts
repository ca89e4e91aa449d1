import { VmcloneError } from '../errors/index.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { NicIdentity } from '../identity/identity.ts'
import { checkStaticMac } from '../identity/mac.ts'
import type { NicRequest } from '../identity/request.ts'
import type { Nic } from '../machine/vmx/nics.ts'
import { chooseProfiles } from '../network/choose.ts'
import { asksAddressing, completeAddressing } from '../network/defaults.ts'
import { networkUnknown } from '../network/detect.ts'
import { hostFault } from '../network/ipv4.ts'
import { lastLease } from '../network/leases.ts'
import type { MacChange, Profile } from '../network/model.ts'
import type { Notice } from '../notices.ts'
import type { Survey } from '../operations/survey.ts'
import { defaultMac, refuseOldMac, requestedNics } from './requested-nics.ts'
import { macPolicy } from './resolve.ts'

interface NicSource {
  /** What an earlier run gave. */
  readonly fixed: Pick<FixedIdentity, 'macs' | 'addresses'> | undefined
  readonly drawMac: (avoid: ReadonlySet<string>) => string
}

/**
 * What each present NIC is to become. Throws BAD_OPTION for a NIC that the VM does not have or two requests for one,
 * and what the choice of a profile and the completion of addresses refuse.
 */
export function resolveNics(
  survey: Survey,
  requests: readonly NicRequest[],
  source: NicSource,
): { nics: NicIdentity[]; notices: Notice[] } {
  const present = survey.machine?.nics ?? requestedNics(requests)
  if (survey.machine) refuseOldMac(requests)
  const asked = byDevice(requests, present)
  const macs = resolveMacs(present, asked, source, survey.machine === undefined)
  const profiles = placeProfiles(survey, present, asked)
  const notices: Notice[] = []
  const nics = present.map((nic): NicIdentity => {
    const request = asked.get(nic.device) ?? {}
    const profile = profiles.get(nic.device)
    const vmnet = survey.vmnets.find(({ name }) => name === nic.vmnet)
    const lease = lastLease(survey.guest.tree, profile?.interfaceName)
    const now = profile?.now.ipv4
    const mac = macs.get(nic.device) as NicIdentity['mac']
    const completed = completeAddressing(request, {
      device: nic.device,
      ...('address' in mac && mac.address !== undefined ? { mac: mac.address } : {}),
      owned: now?.method === 'static' && source.fixed?.addresses[nic.device] === now.address,
      ...(profile === undefined ? {} : { now: profile.now }),
      ...(vmnet === undefined ? {} : { vmnet }),
      ...(lease === undefined ? {} : { lease }),
    })
    notices.push(...completed.notices)
    return {
      device: nic.device,
      mac,
      macChange: macChange(nic, mac, former(survey, present, nic, profile, request)),
      ...(profile === undefined ? {} : { profile }),
      addressing: completed.addressing,
    }
  })
  return { nics, notices }
}

/**
 * Refuses what can be refused without the guest: NICs that the VM does not have, MACs that VMware would not take, addresses that
 * no host can have. Throws BAD_OPTION, BAD_MAC, ADDRESS_UNUSABLE.
 */
export function checkNicRequests(requests: readonly NicRequest[], present: readonly Nic[]): void {
  const given = new Set<string>()
  for (const [device, { mac, ip, prefix }] of byDevice(requests, present)) {
    const wanted = macPolicy(mac ?? 'new')
    if (wanted.includes(':')) {
      checkStaticMac(wanted)
      refuseTwin(device, wanted, given)
      given.add(wanted)
    }
    const fault = ip === undefined ? undefined : hostFault({ address: ip, prefix: prefix ?? 32 })
    if (fault !== undefined) {
      const length = prefix === undefined ? '' : `/${prefix}`
      throw new VmcloneError('ADDRESS_UNUSABLE', `${ip}${length} for ${device} cannot be used: it ${fault}`)
    }
  }
}

function byDevice(requests: readonly NicRequest[], present: readonly Nic[]): Map<string, NicRequest> {
  const asked = new Map<string, NicRequest>()
  for (const request of requests) {
    const device = request.device ?? present[0]?.device
    if (device === undefined || !present.some((nic) => nic.device === device)) {
      if (device === undefined && !asksAddressing(request) && request.mac === undefined) continue
      const has = present.map((nic) => nic.device).join(', ') || 'none'
      throw new VmcloneError('BAD_OPTION', `the VM has no network adapter ${device ?? 'at all'}`, {
        hint: `Present adapters: ${has}.`,
      })
    }
    if (asked.has(device)) throw new VmcloneError('BAD_OPTION', `${device} is asked for twice`)
    asked.set(device, request)
  }
  return asked
}

function resolveMacs(
  present: readonly Nic[],
  asked: ReadonlyMap<string, NicRequest>,
  { fixed, drawMac }: NicSource,
  tree: boolean,
): Map<string, NicIdentity['mac']> {
  const taken = new Set(present.flatMap((nic) => nic.macs))
  const macs = new Map<string, NicIdentity['mac']>()
  const given = new Set<string>()
  for (const nic of present) {
    const wanted = macPolicy(asked.get(nic.device)?.mac ?? (tree ? defaultMac(nic) : 'new'))
    const earlier = fixed?.macs[nic.device]
    let mac: NicIdentity['mac']
    if (wanted === 'keep' || (wanted === 'vmware' && earlier === 'vmware')) {
      mac = { policy: 'keep', ...(nic.mac === undefined ? {} : { address: nic.mac }) }
    } else if (wanted === 'vmware') {
      mac = { policy: 'vmware' }
    } else if (wanted === 'new') {
      mac = { policy: 'set', address: earlier?.includes(':') ? earlier : drawMac(taken) }
    } else {
      checkStaticMac(wanted)
      mac = { policy: 'set', address: wanted }
    }
    if ('address' in mac && mac.address !== undefined) {
      refuseTwin(nic.device, mac.address, given)
      given.add(mac.address)
      taken.add(mac.address)
    }
    macs.set(nic.device, mac)
  }
  return macs
}

function refuseTwin(device: string, mac: string, given: ReadonlySet<string>): void {
  if (!given.has(mac)) return
  throw new VmcloneError('BAD_OPTION', `${device} would have the MAC ${mac} of another adapter of this VM`, {
    hint: 'Give each adapter a MAC of its own, or --mac new.',
  })
}

function placeProfiles(
  survey: Survey,
  present: readonly Nic[],
  asked: ReadonlyMap<string, NicRequest>,
): ReadonlyMap<string, Profile> {
  const network = survey.guest.network
  const places = present.map((nic) => {
    const request = asked.get(nic.device) ?? {}
    const wanted = macPolicy(request.mac ?? 'new')
    return {
      device: nic.device,
      macs: nic.macs,
      ...(wanted.includes(':') ? { newMac: wanted } : {}),
      ...(nic.pciSlotNumber === undefined ? {} : { pciSlotNumber: nic.pciSlotNumber }),
      ...(request.profile === undefined ? {} : { profile: request.profile }),
      required: asksAddressing(request),
    }
  })
  if (network === undefined && places.some(({ required }) => required))
    throw networkUnknown(survey.guest.tree)
  return chooseProfiles(places, network?.profiles ?? [])
}

/**
 * The address by which the guest goes on finding this NIC's interface, though no adapter of the VM has it any longer: VMware
 * may have given a clone another one already. Only where the profile is surely this NIC's.
 */
function former(
  { machine, guest }: Survey,
  present: readonly Nic[],
  nic: Nic,
  profile: Profile | undefined,
  request: NicRequest,
): string[] {
  const { mac, interfaceName } = profile ?? {}
  const known = machine !== undefined || nic.macs.length > 0
  if (!known || mac === undefined || present.some(({ macs }) => macs.includes(mac))) return []
  const bySlot = nic.pciSlotNumber !== undefined && interfaceName === `ens${nic.pciSlotNumber}`
  const only = present.length === 1 && guest.network?.profiles.length === 1
  return asksAddressing(request) || bySlot || only ? [mac] : []
}

function macChange(nic: Nic, mac: NicIdentity['mac'], former: readonly string[]): MacChange {
  const from = [...nic.macs, ...former]
  if (mac.policy === 'vmware') return { from }
  if (mac.policy === 'set') return { from: from.filter((old) => old !== mac.address), to: mac.address }
  if (mac.address === undefined) return { from: [] }
  return { from: former.filter((old) => old !== mac.address), to: mac.address }
}
