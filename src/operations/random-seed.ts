import { createHash } from 'node:crypto'
import { sameBytes } from '../formats/bytes.ts'
import type { Notice } from '../notices.ts'
import { filesMatching, replaceContent, secret } from './edit.ts'
import { HELD_READS, holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'random-seed'
/** Bytes; a file above is no seed. */
const LARGEST = 64 * 1024

const SEEDS = [
  '/var/lib/systemd/random-seed',
  '/var/lib/random-seed',
  '/var/lib/urandom/random-seed',
  '/var/lib/misc/random-seed',
  '/var/lib/seedrng/seed.*',
  '/etc/random-seed',
  '/boot/loader/random-seed',
  '/boot/efi/loader/random-seed',
  '/efi/loader/random-seed',
]

const CREDENTIALS = '/var/lib/systemd/credential.secret'
const SECRET: Notice = {
  code: 'systemd-secrets',
  message: `${CREDENTIALS} encrypts systemd's credentials, and is the same in every clone.`,
  hint: 'If the guest has no encrypted credentials, delete it in the clone; systemd makes a new one.',
}

export const randomSeed: Operation = {
  name: operation,
  heading: 'Give the kernel a random seed of its own',
  description:
    'The seed files that the guest feeds to its kernel at boot are overwritten with new random bytes of the same length, so that no two clones start from one state.',
  notes:
    'The key of systemd’s encrypted credentials (/var/lib/systemd/credential.secret) is reported, not deleted: credentials that are encrypted with it would be lost. A guest that already holds this identity keeps its seed: it renews it by itself at every shutdown.',
  default: true,
  reads: [...SEEDS, { path: CREDENTIALS, attributes: true }, ...HELD_READS],
  plan(survey, identity) {
    if (holdsIdentity(survey, identity)) return NOTHING
    const changes = filesMatching(survey.guest.tree, SEEDS).flatMap((node) => {
      if (node.content === undefined || node.size === 0 || node.size > LARGEST) return []
      const after = seedOf(identity.randomSeed, node.size)
      if (sameBytes(node.content, after)) return []
      return [
        secret(replaceContent(node, after, { operation, summary: `new random seed, ${node.size} bytes` })),
      ]
    })
    return { changes, notices: survey.guest.tree.exists(CREDENTIALS) ? [SECRET] : [] }
  },
}

/** The seed's own bytes first; what is asked for beyond them is derived from them. No byte is NUL. */
function seedOf(seed: Uint8Array, length: number): Uint8Array {
  const parts = [seed]
  for (let have = seed.length, block = 0; have < length; have += 64, block++) {
    const digest = createHash('sha512').update(`vmclone-fix seed ${block}\n`).update(seed).digest()
    parts.push(digest.map((byte) => byte || 0xff))
  }
  return new Uint8Array(Buffer.concat(parts).subarray(0, length))
}
