import { VmcloneError } from '../errors/index.ts'
import type { NicIdentity } from '../identity/identity.ts'
import { dialectNamed, networkReads, networkUnknown } from '../network/detect.ts'
import type { Profile } from '../network/model.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { NOTHING, type Operation, type OperationPlan } from './operation.ts'
import type { Survey } from './survey.ts'

/** Gives each NIC of the guest its addressing. */
export const network: Operation = {
  name: 'network',
  heading: 'Network: addresses, gateway, name servers',
  description:
    'Writes address, prefix, gateway, name servers and search domains, or DHCP, into the guest’s network configuration in the dialect that is in force, and takes the template’s MAC out of it. All other lines stay as they are.',
  notes:
    'Does not touch commands (up, post-up) that name the old address, further addresses, or interfaces that belong to no NIC of the VM: they are named in notices.',
  default: true,
  reads: networkReads,
  plan: planNetwork,
}

function planNetwork(survey: Survey, identity: { readonly nics: readonly NicIdentity[] }): OperationPlan {
  const changes: Change[] = []
  const notices: Notice[] = []
  let tree = survey.guest.tree
  const others = identity.nics.filter((nic) => !nic.profile).map((nic) => nic.macChange)
  for (const nic of identity.nics) {
    const profile = profileOf(survey, nic)
    if (!profile) continue
    refuseUnpinned(profile, nic, identity.nics)
    const { addressing, macChange: mac } = nic
    const planned = dialectNamed(profile.dialect).edit(tree, {
      profile,
      addressing,
      mac,
      others,
      operation: 'network',
    })
    changes.push(...planned.changes)
    notices.push(...planned.notices)
    tree = tree.with(planned.changes)
  }
  if (changes.length + notices.length === 0) return NOTHING
  // What holds for the whole guest is said by the edit of each NIC.
  const first = ({ message }: Notice, index: number) =>
    notices.findIndex((one) => one.message === message) === index
  return { changes, notices: notices.filter(first) }
}

/** Throws if the NIC is to get an address and it is not sure where the guest keeps it. */
function profileOf({ guest }: Survey, { device, profile, addressing }: NicIdentity): Profile | undefined {
  if (Object.keys(addressing).length === 0) return profile
  if (!guest.network) throw networkUnknown(guest.tree)
  const [rival] = guest.network.rivals ?? []
  if (rival) {
    const { evidence } = guest.network
    throw new VmcloneError(
      'NETWORK_CONFLICT',
      `two network managers are in force: ${evidence.dialect} (${evidence.because}) and ${rival.dialect} (${rival.because})`,
    )
  }
  if (!profile) throw new VmcloneError('PROFILE_NOT_FOUND', `the guest has no network profile for ${device}`)
  return profile
}

/** A profile that several NICs share can be made one NIC's own only by a MAC that is known. */
function refuseUnpinned(profile: Profile, nic: NicIdentity, all: readonly NicIdentity[]): void {
  const asked = Object.keys(nic.addressing).length > 0
  if (!profile.shared || !asked || nic.macChange.to !== undefined || all.length === 1) return
  throw new VmcloneError(
    'PROFILE_AMBIGUOUS',
    `${profile.name} (${profile.file}) serves every NIC, and the MAC address of ${nic.device} is not known before power-on`,
    { hint: 'Give it one: --mac new, or mac= within --nic.' },
  )
}
