#!/usr/bin/env node
import { isatty } from 'node:tty'
import { run } from './run.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  ...(isatty(0) ? { keyboard: process.stdin } : {}),
  environment: process.env,
  cwd: process.cwd(),
})
