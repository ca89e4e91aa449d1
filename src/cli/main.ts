#!/usr/bin/env node
import { isatty } from 'node:tty'
import { VmcloneError } from '../errors/index.ts'
import { run } from './run.ts'

/** What becomes of this process if the run itself does well. */
let exit = 0

// A run goes on to its end, though nobody will read of it: half-way it would leave more to mend.
process.stderr.on('error', () => undefined)
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE' || exit !== 0) return
  const error = new VmcloneError('OUTPUT_FAILED', `standard output cannot be written: ${cause.message}`, {
    cause,
  })
  exit = error.exit
  process.exitCode ||= exit
  void import('./render/error.ts').then(({ renderError }) => {
    process.stderr.write(renderError(error, { stderr: process.stderr, environment: process.env }, false))
  })
})

const ended = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  ...(isatty(0) ? { keyboard: process.stdin } : {}),
  environment: process.env,
  cwd: process.cwd(),
})
process.exitCode = ended || exit
