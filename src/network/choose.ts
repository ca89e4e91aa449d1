import { VmcloneError } from '../errors/index.ts'
import type { Profile } from './model.ts'

/** A NIC that looks for its profile in the guest. */
export interface NicToPlace {
  /** "ethernet0" */
  readonly device: string
  /** Addresses that the NIC had when the guest's files were written. */
  readonly macs: readonly string[]
  /** The address that the user gives it: an earlier run may have written it. */
  readonly newMac?: string
  readonly pciSlotNumber?: number
  /** The profile that the user named. */
  readonly profile?: string
  /** True if the request cannot be fulfilled without a profile. */
  readonly required: boolean
}

/**
 * Which profile belongs to which NIC: the one the user named, else by the MAC it had, else by the one it is given, else by slot
 * name (ens33), else the holder of the default route, else the only one left. A profile goes to one NIC; a shared one to all that find no other.
 * A NIC that needs none may get none.
 * Throws PROFILE_NOT_FOUND and PROFILE_AMBIGUOUS.
 */
export function chooseProfiles(
  nics: readonly NicToPlace[],
  profiles: readonly Profile[],
): ReadonlyMap<string, Profile> {
  const chosen = new Map<string, Profile>()
  const left = () => profiles.filter((one) => !one.shared && ![...chosen.values()].includes(one))
  const shared = profiles.filter((one) => one.shared)
  const open = () => nics.filter((nic) => !chosen.has(nic.device))
  for (const nic of nics)
    if (nic.profile !== undefined) chosen.set(nic.device, named(nic, [...left(), ...shared], profiles))
  for (const fits of [hasMac, hasNewMac, hasSlotName]) {
    for (const nic of open()) {
      const [profile, ...more] = left().filter((one) => fits(one, nic))
      if (profile && more.length === 0) chosen.set(nic.device, profile)
    }
  }
  const waiting = open().filter((nic) => nic.required)
  const [nic, rival] = waiting.length > 0 ? waiting : open()
  if (!nic) return chosen
  const [common, ...others] = shared
  if (common && others.length === 0 && left().length === 0) {
    for (const one of waiting) chosen.set(one.device, common)
    return chosen
  }
  const profile = byRoute(left()) ?? (left().length === 1 ? left()[0] : undefined)
  if (profile && !rival) return chosen.set(nic.device, profile)
  if (!nic.required) return chosen
  throw unplaced(waiting, [...left(), ...shared])
}

function named(nic: NicToPlace, left: readonly Profile[], all: readonly Profile[]): Profile {
  const fits = (one: Profile) => one.name === nic.profile || one.interfaceName === nic.profile
  const found = left.filter(fits)
  if (found.length === 1) return found[0] as Profile
  const why = all.some(fits)
    ? found.length > 1
      ? 'names several profiles of the guest'
      : 'was given to two NICs'
    : 'does not exist in the guest'
  const message = `profile "${nic.profile}" for ${nic.device} ${why}`
  throw new VmcloneError(found.length > 1 ? 'PROFILE_AMBIGUOUS' : 'PROFILE_NOT_FOUND', message, {
    hint: all.length === 0 ? 'The guest has no profile that can be edited.' : `The guest has ${list(all)}.`,
  })
}

function hasMac(profile: Profile, nic: NicToPlace): boolean {
  return profile.mac !== undefined && nic.macs.includes(profile.mac)
}

function hasNewMac(profile: Profile, nic: NicToPlace): boolean {
  return profile.mac !== undefined && nic.newMac === profile.mac
}

function hasSlotName(profile: Profile, nic: NicToPlace): boolean {
  if (nic.pciSlotNumber === undefined) return false
  const name = `ens${nic.pciSlotNumber}`
  return profile.interfaceName === name || (profile.ports ?? []).includes(name)
}

function byRoute(profiles: readonly Profile[]): Profile | undefined {
  const routed = profiles.filter((profile) => profile.defaultRoute)
  return routed.length === 1 ? routed[0] : undefined
}

function unplaced(nics: readonly NicToPlace[], profiles: readonly Profile[]): VmcloneError {
  const devices = nics.map((nic) => nic.device).join(' and ')
  if (profiles.length === 0)
    return new VmcloneError('PROFILE_NOT_FOUND', `the guest has no network profile for ${devices}`)
  const option = nics.map((nic) => `--nic ${nic.device},profile=NAME`).join(' ')
  return new VmcloneError('PROFILE_AMBIGUOUS', `${list(profiles)} could each belong to ${devices}`, {
    hint: `Say which: ${nics.length === 1 ? `--profile NAME, or ${option}` : option}.`,
  })
}

function list(profiles: readonly Profile[]): string {
  return profiles.map((profile) => `${profile.name} (${profile.file})`).join(' and ')
}
