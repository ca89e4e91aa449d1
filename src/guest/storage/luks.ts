import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'
import { deviceOf } from './devices.ts'
import type { BlockFact } from './facts.ts'
import { nameInAppliance } from './ids.ts'
import type { KeyRing } from './keys.ts'
import { withVolumes } from './probe.ts'
import { requireTool } from './tools.ts'

const KEY_IN_APPLIANCE = '/tmp/vmclone-fix.key'
/** MiB that the appliance itself needs besides what a key derivation takes. */
const APPLIANCE_MEMORY = 320
/** MiB with which to start where a key was given: the most that LUKS2's usual key derivation takes. */
export const UNLOCKING_MEMORY = 1344
/** LUKS2 allows no more, in MiB; a header may say anything. */
const MOST_MEMORY = 4096

/** The appliance is too small for a volume's key derivation. */
export class MoreMemoryNeeded extends Error {
  /** MiB that the appliance must have. */
  readonly memory: number

  constructor(memory: number) {
    super(`${memory} MiB`)
    this.memory = memory
  }
}

/** The encrypted volumes that are not unlocked. */
export function lockedIn(blocks: readonly BlockFact[]): BlockFact[] {
  return blocks.filter(
    ({ type, device }) => type === 'crypto_LUKS' && !blocks.some(({ container }) => container === device),
  )
}

/** Unlocks what the keys at hand open; gives all blocks with those that came to light. Throws MoreMemoryNeeded. */
export async function unlockGiven(
  session: Session,
  blocks: readonly BlockFact[],
  keys: KeyRing,
  shared: boolean,
): Promise<readonly BlockFact[]> {
  let known = blocks
  const tried = new Set<string>()
  for (;;) {
    const block = lockedIn(known).find(({ device }) => !tried.has(device))
    if (!block) return known
    tried.add(block.device)
    const names = keys.names.filter(
      (name) => deviceOf(known, name) === block || name.toLowerCase() === block.uuid?.toLowerCase(),
    )
    for (const secret of keys.secretsFor(names)) {
      if (!(await unlock(session, block, secret))) continue
      known = await revealed(session, known, block, shared)
      break
    }
  }
}

/** Asks for the keys of all locked volumes. Throws MoreMemoryNeeded. */
export async function unlockAsked(
  session: Session,
  blocks: readonly BlockFact[],
  keys: KeyRing,
  shared: boolean,
): Promise<readonly BlockFact[]> {
  let known = blocks
  const asked = new Set<string>()
  for (;;) {
    known = await unlockGiven(session, known, keys, shared)
    const block = lockedIn(known).find(({ device }) => !asked.has(device))
    if (!block) return known
    asked.add(block.device)
    await ensureMemory(session, block)
    if (await keys.ask(block, (secret) => unlock(session, block, secret)))
      known = await revealed(session, known, block, shared)
  }
}

async function revealed(
  session: Session,
  blocks: readonly BlockFact[],
  { device }: BlockFact,
  shared: boolean,
): Promise<BlockFact[]> {
  return withVolumes(
    session,
    blocks,
    [{ device: `/dev/mapper/${nameFor(device)}`, container: device }],
    shared,
  )
}

/** Takes the plain sides of these devices away. Nothing on them may be mounted or active. */
export async function lockAgain(session: Session, devices: readonly string[]): Promise<void> {
  const names = devices.map(nameFor).join(' ')
  await session.run(
    'debug',
    'sh',
    `for name in ${names}; do test ! -e /dev/mapper/$name || cryptsetup close $name; done`,
  )
}

/** Has no hyphen, so that it is no device-mapper name of a logical volume. */
function nameFor(device: string): string {
  return `crypt_${device.replace(/^\/dev\//, '').replace(/[^A-Za-z0-9]/g, '_')}`
}

/** False if the secret opens no key slot. */
async function unlock(session: Session, block: BlockFact, secret: Uint8Array): Promise<boolean> {
  const device = await ensureMemory(session, block)
  await uploadKey(session, secret)
  const open = `cryptsetup open --type luks --key-file ${KEY_IN_APPLIANCE} ${device} ${nameFor(block.device)}`
  const [answer] = await session.send([
    ['debug', 'sh', open],
    ['debug', 'sh', `rm -f ${KEY_IN_APPLIANCE}`],
  ])
  if (answer?.ok) return true
  const words = answer?.error ?? ''
  if (/No key available|wrong key|incorrect passphrase/i.test(words)) return false
  if (/not a valid LUKS|header/i.test(words))
    throw new VmcloneError('FILESYSTEM_DAMAGED', `the LUKS header of ${block.device} is damaged: ${words}`)
  throw new VmcloneError('GUESTFISH_FAILED', `${block.device} cannot be unlocked: ${words}`)
}

/** Uploaded as a file, so that it stands in no command and may hold any byte. */
async function uploadKey(session: Session, secret: Uint8Array): Promise<void> {
  const file = join(session.directory, 'key')
  try {
    await writeFile(file, secret, { mode: 0o600 })
    await session.run('debug-upload', file, KEY_IN_APPLIANCE, '0600')
  } finally {
    await rm(file, { force: true })
  }
}

/** Gives a LUKS header, 1 or 2, another UUID, whether its volume is open or not. */
export async function writeLuksUuid(session: Session, device: string, uuid: string): Promise<void> {
  await requireTool(session, 'luks', device)
  const name = await shellName(session, device)
  await session.run('debug', 'sh', `cryptsetup luksUUID ${name} --uuid ${uuid} --batch-mode`)
}

async function shellName(session: Session, device: string): Promise<string> {
  const name = await nameInAppliance(session, device)
  if (name === undefined)
    throw new VmcloneError('GUESTFISH_FAILED', `the appliance has no name for ${device}`)
  return name
}

/** The volume's name within the appliance, once that has the memory that the volume's header says. */
async function ensureMemory(session: Session, block: BlockFact): Promise<string> {
  await requireTool(session, 'luks', block.device)
  const device = await shellName(session, block.device)
  const header = await session.attempt('debug', 'sh', `cryptsetup luksDump ${device}`)
  const sizes = [...header.output.toString('latin1').matchAll(/^\s*Memory:\s+(\d{1,8})\s*$/gm)]
  const derivation = Math.ceil(Math.max(0, ...sizes.map(([, kib]) => Number(kib))) / 1024)
  const needed = Math.min(derivation, MOST_MEMORY) + APPLIANCE_MEMORY
  if (sizes.length > 0 && Number(await session.run('get-memsize')) < needed)
    throw new MoreMemoryNeeded(needed)
  return device
}
