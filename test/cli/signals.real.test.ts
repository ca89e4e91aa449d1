import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { transpiledCommandLine } from '../support/transpile.ts'

let program: string

beforeAll(async () => {
  const module = pathToFileURL(join(dirname(await transpiledCommandLine()), 'signals.js')).href
  program = `
    import { interruptible } from ${JSON.stringify(module)}
    const stubborn = process.argv[1] === 'stubborn'
    if (process.argv[1] === 'narrow') Object.assign(process.stderr, { isTTY: true, columns: 50 })
    process.exitCode = await interruptible(process.stderr, (signal) => new Promise((resolve) => {
      const life = setInterval(() => {}, 1000)
      signal.addEventListener('abort', () => {
        console.log('aborted')
        if (stubborn) return
        clearInterval(life)
        resolve(130)
      })
      console.log('ready')
    }))`
}, 60_000)

function start(way: string) {
  return execa(process.execPath, ['--input-type=module', '-e', program, way], {
    reject: false,
    stdin: 'ignore',
  })
}

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the work in order', async (signal) => {
    const child = start('orderly')
    for await (const line of child) if (line === 'ready') child.kill(signal)
    const { stdout, stderr, exitCode } = await child
    expect(stdout).toBe('ready\naborted')
    expect(stderr).toBe(`vmclone-fix: ${signal} received; ending in order (once more ends at once)`)
    expect(exitCode).toBe(130)
  })

  test('what is told of one stays within the columns', async () => {
    const child = start('narrow')
    for await (const line of child) if (line === 'ready') child.kill('SIGINT')
    expect((await child).stderr).toBe(
      `vmclone-fix: SIGINT received; ending in order\n${' '.repeat(13)}(once more ends at once)`,
    )
  })

  test('the second one ends the process though the work does not', async () => {
    const child = start('stubborn')
    for await (const line of child) child.kill(line === 'ready' ? 'SIGINT' : 'SIGTERM')
    expect((await child).exitCode).toBe(130)
  })
})
