import type { Draw } from '../identity/draw.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import { autoHostname, parseHostname, withDomain } from '../identity/hostname.ts'
import type { Hostname, Identity } from '../identity/identity.ts'
import { drawMac, parseMac } from '../identity/mac.ts'
import type { CloneRequest } from '../identity/request.ts'
import { drawBiosUuid, drawMachineId, parseUuid } from '../identity/uuid.ts'
import type { Notice } from '../notices.ts'
import { guestHostname } from '../operations/guest-name.ts'
import type { Survey } from '../operations/survey.ts'
import { resolveNics } from './resolve-nics.ts'

/** What is made before planning and passed in, so that planning is pure. */
export interface Made {
  readonly draw: Draw
  /** For what nobody may foretell who knows the seed of a batch; `draw` unless given. */
  readonly secretDraw?: Draw
  /** What an earlier run gave to this VM at this place. */
  readonly fixed: FixedIdentity | undefined
  readonly sshKeys: Identity['sshKeys']
  /** What is not to be drawn, because another clone of the batch or another VM has it. */
  readonly taken?: { readonly macs: ReadonlySet<string>; readonly uuids: ReadonlySet<string> }
}

const SEED_BYTES = 512

/**
 * What the clone is to become, every value concrete: given ones from the request, earlier ones from the record, the rest
 * drawn; addressing completed by what guest and host say. Throws BAD_OPTION and what the network's choice refuses.
 */
export function resolveIdentity(
  survey: Survey,
  request: CloneRequest,
  made: Made,
): { identity: Identity; notices: Notice[] } {
  const { draw, secretDraw = draw, fixed, sshKeys, taken } = made
  const { nics, notices } = resolveNics(survey, request.nics, {
    fixed,
    drawMac: (own) => drawMac(draw, { has: (mac) => own.has(mac) || (taken?.macs.has(mac) ?? false) }),
  })
  const present = guestHostname(survey.guest.tree)
  const wanted = wantedHostname(request, survey.machine?.name)
  const hostname = wanted && withDomain(wanted, present)
  if (fixed === undefined && (request.hostname ?? 'auto') === 'auto')
    notices.push(...unchangedName(hostname, present))
  const identity: Identity = {
    settled: fixed !== undefined || survey.machine === undefined,
    ...(fixed?.resets === undefined ? {} : { resets: fixed.resets }),
    ...(fixed?.storageIds === undefined ? {} : { storageIds: fixed.storageIds }),
    ...(request.name === undefined ? {} : { displayName: request.name }),
    ...(hostname === undefined ? {} : { hostname }),
    uuid: resolveUuid(request.uuid ?? 'new', fixed?.uuid, () => drawBiosUuid(draw, taken?.uuids)),
    vmxfId: fixed ? hexBytes(fixed.vmxfId) : draw.bytes(16),
    generationId: fixed ? hexBytes(fixed.generationId) : draw.bytes(16),
    nics,
    machineId: resolveMachineId(request.machineId ?? 'new', fixed?.machineId, draw),
    sshKeys,
    hosts: request.hosts,
    ...(request.hostsBlock === undefined ? {} : { hostsBlock: request.hostsBlock }),
    randomSeed: withoutNul(secretDraw.bytes(SEED_BYTES)),
    storageSeed: draw.bytes(32),
  }
  return { identity, notices }
}

/** The name that the request asks for; undefined if the guest's own is to stay. `vmxName`: base name of the .vmx. */
export function wantedHostname(request: CloneRequest, vmxName: string | undefined): Hostname | undefined {
  const wanted = request.hostname ?? (vmxName === undefined ? 'keep' : 'auto')
  if (wanted === 'keep') return undefined
  return wanted === 'auto' ? autoHostname(vmxName ?? '') : parseHostname(wanted)
}

/** A copy of a VM's directory whose .vmx was not renamed gets the name that its source has. */
function unchangedName(hostname: Hostname | undefined, present: Hostname | undefined): Notice[] {
  const name = present?.fqdn ?? present?.short
  if (hostname === undefined || name === undefined || (hostname.fqdn ?? hostname.short) !== name) return []
  return [
    {
      code: 'hostname-unchanged',
      message: `The clone keeps the host name ${name}, which is that of the VM that it was cloned from.`,
      hint: 'Give --hostname NAME, and --name NAME for the name that VMware shows, if both are to run.',
    },
  ]
}

function resolveUuid(wanted: string, earlier: string | undefined, draw: () => string): Identity['uuid'] {
  if (wanted === 'keep') return { policy: 'keep' }
  if (wanted === 'vmware') return { policy: earlier === 'vmware' ? 'keep' : 'vmware' }
  if (wanted !== 'new') return { policy: 'set', value: parseUuid(wanted) }
  const given = earlier !== undefined && /^[0-9a-f-]{36}$/.test(earlier)
  return { policy: 'set', value: given ? earlier : draw() }
}

function resolveMachineId(
  wanted: 'new' | 'keep' | 'empty',
  earlier: string | undefined,
  draw: Draw,
): Identity['machineId'] {
  if (wanted === 'keep') return { policy: 'keep' }
  if (wanted === 'empty') return { policy: earlier === 'empty' ? 'keep' : 'empty' }
  const given = earlier !== undefined && /^[0-9a-f]{32}$/.test(earlier)
  return { policy: 'set', value: given ? earlier : drawMachineId(draw) }
}

/** Checks a MAC policy of the request; a literal address comes back in the model's form. */
export function macPolicy(text: string): string {
  return text === 'new' || text === 'vmware' || text === 'keep' ? text : parseMac(text)
}

function hexBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

// A seed without NUL can be written in one appliance command; 1 to 255 is nearly as random as 0 to 255.
function withoutNul(bytes: Uint8Array): Uint8Array {
  const seed = bytes.slice()
  for (let at = seed.indexOf(0); at >= 0; at = seed.indexOf(0, at)) seed[at] = 1
  return seed
}
