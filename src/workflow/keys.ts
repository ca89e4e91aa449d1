import { readFile, stat } from 'node:fs/promises'
import { VmcloneError } from '../errors/index.ts'
import { type AskKey, KeyRing } from '../guest/storage/keys.ts'

/** A file that holds the key of an encrypted volume. */
export interface KeyFile {
  /** "/dev/sda3" or as the guest names it, the UUID of the LUKS header, or "all". */
  readonly device: string
  /** Absolute path. */
  readonly file: string
}

/** cryptsetup reads no larger key files, in bytes. */
const LARGEST = 8 * 1024 * 1024

/** Reads the key files. Throws BAD_OPTION for one that cannot be read. */
export async function readKeys(files: readonly KeyFile[] = [], ask?: AskKey): Promise<KeyRing> {
  const keys = await Promise.all(
    files.map(async ({ device, file }) => ({ device, secret: await readKey(file) })),
  )
  return new KeyRing(keys, ask)
}

async function readKey(file: string): Promise<Uint8Array> {
  try {
    const about = await stat(file)
    if (about.isFile() && about.size > LARGEST) throw refused(`${file} is larger than any key file`)
    const secret = await readFile(file)
    if (secret.length === 0) throw refused(`the key file ${file} is empty`)
    return secret
  } catch (cause) {
    if (cause instanceof VmcloneError) throw cause
    throw refused(`the key file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
}

function refused(fact: string): VmcloneError {
  return new VmcloneError('BAD_OPTION', fact, {
    hint: 'Give --key DEVICE:file:PATH with the path of a file that holds the key.',
  })
}
