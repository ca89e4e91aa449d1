import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asVmcloneError } from '../../../src/errors/index.ts'
import { recover } from '../../../src/transaction/recover.ts'
import { fixVm } from './fix.ts'

// Usage: program.js run|recover|fill|spoil DIRECTORY [STEP [COUNT]]: stops for ever at the COUNTth STEP.
// fill: the file system is full when the commit begins. spoil: a staged file is gone when the disk is committed.
const [action = '', directory = '', pause = '', count = '1'] = process.argv.slice(2)

let left = Number(count)

async function onStep(step: string): Promise<void> {
  process.stdout.write(`step ${step}\n`)
  if (action === 'fill' && step === 'commit') await fill()
  if (action === 'spoil' && step === 'descriptor')
    await rm(join(directory, '.vmclone-fix', 'work', 'stage', '1'))
  if (step !== pause || --left > 0) return
  process.stdout.write('paused\n')
  await new Promise(() => setInterval(() => undefined, 1000))
}

async function fill(): Promise<void> {
  for (const size of [1 << 20, 1 << 16, 1 << 12]) {
    try {
      for (;;) await writeFile(join(directory, 'filler'), Buffer.alloc(size), { flag: 'a' })
    } catch {
      // Full to this grain.
    }
  }
}

try {
  const { descriptors } = await import('./fix.ts')
  process.stdout.write('ready\n')
  if (action === 'recover')
    process.stdout.write(
      `recovered ${JSON.stringify((await recover(directory, { descriptors, onStep })) ?? null)}\n`,
    )
  else await fixVm(directory, onStep)
  process.stdout.write('ended\n')
} catch (thrown) {
  const { code, message, exit } = asVmcloneError(thrown)
  process.stdout.write(`error ${JSON.stringify({ code, message, exit })}\n`)
}
