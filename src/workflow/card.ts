import { toByteText } from '../formats/bytes.ts'
import type { NicIdentity } from '../identity/identity.ts'
import { fingerprintOf } from '../identity/ssh-keys.ts'
import { uuidFromBios } from '../identity/uuid.ts'
import type { Nic } from '../machine/vmx/nics.ts'
import type { Profile } from '../network/model.ts'
import { guestHostname } from '../operations/guest-name.ts'
import { hostKeysOf } from '../operations/host-keys.ts'
import type { Survey } from '../operations/survey.ts'
import type { CardNic, IdentityCard } from './report.ts'

/**
 * Reads the identity card of a VM from its survey. `nics` says which profile belongs to which NIC, and what a plain tree
 * cannot: its MAC, before (`was`) or afterwards (`is`). Pure.
 */
export function identityCard(survey: Survey, nics: readonly NicIdentity[], when: 'was' | 'is'): IdentityCard {
  const { machine, guest } = survey
  const displayName = machine?.vmx.get('displayName')
  const hostname = guestHostname(guest.tree)
  const uuid = uuidFromBios(machine?.vmx.get('uuid.bios') ?? '')
  const machineId = guest.tree.text('/etc/machine-id')?.trim()
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(hostname === undefined ? {} : { hostname: hostname.fqdn ?? hostname.short }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(machineId ? { machineId } : {}),
    nics: nics.map((given) => {
      const { device, profile } = given
      const nic =
        machine === undefined
          ? treeNic(given, when)
          : machine.nics.find((candidate) => candidate.device === device)
      return cardNic(device, nic, profileOf(guest.network?.profiles ?? [], profile, nic?.mac))
    }),
    sshHostKeys: hostKeysOf(guest.tree).flatMap(({ type, publicFile }) => {
      const fingerprint = publicFile?.content && knownFingerprint(publicFile.content)
      return type === undefined || fingerprint === undefined ? [] : [{ type, fingerprint }]
    }),
  }
}

/** Of public keys by their bytes: a template's are asked for with every clone. */
const fingerprints = new WeakMap<Uint8Array, string | undefined>()

function knownFingerprint(publicKey: Uint8Array): string | undefined {
  if (!fingerprints.has(publicKey)) fingerprints.set(publicKey, fingerprintOf(toByteText(publicKey)))
  return fingerprints.get(publicKey)
}

/** The same profile as `chosen`; the NIC's own that was made beside it, if that one is shared, or in its place. */
function profileOf(
  profiles: readonly Profile[],
  chosen: Profile | undefined,
  mac: string | undefined,
): Profile | undefined {
  const same = profiles.find(({ name, file }) => name === chosen?.name && file === chosen.file)
  if (!chosen || mac === undefined || (same && !same.shared)) return same
  return profiles.find((one) => !one.shared && one.mac === mac) ?? same
}

function treeNic({ device, mac, macChange }: NicIdentity, when: 'was' | 'is'): Pick<Nic, 'device' | 'mac'> {
  const after = mac.policy === 'vmware' ? undefined : mac.address
  const address = when === 'is' ? after : (macChange.from[0] ?? (mac.policy === 'keep' ? after : undefined))
  return { device, ...(address === undefined ? {} : { mac: address }) }
}

function cardNic(
  device: string,
  nic: Pick<Nic, 'mac' | 'vmnet'> | undefined,
  profile: Profile | undefined,
): CardNic {
  const { ipv4, ipv6, dns } = profile?.now ?? {}
  const gateway = ipv4?.method === 'static' ? ipv4.gateway : undefined
  return {
    device,
    ...(nic?.mac === undefined ? {} : { mac: nic.mac }),
    ...(nic?.vmnet === undefined ? {} : { vmnet: nic.vmnet }),
    ...(ipv4 === undefined
      ? {}
      : { ipv4: ipv4.method === 'dhcp' ? 'dhcp' : `${ipv4.address}/${ipv4.prefix}` }),
    ...(ipv6 === undefined ? {} : { ipv6: `${ipv6.address}/${ipv6.prefix}` }),
    ...(gateway === undefined ? {} : { gateway }),
    dns: dns ?? [],
    ...(profile === undefined ? {} : { profile: profile.name, dialect: profile.dialect }),
  }
}
