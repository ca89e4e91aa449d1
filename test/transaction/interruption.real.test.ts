import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { useDirectory } from '../support/disks.ts'
import { transpiledCommandLine } from '../support/transpile.ts'

const directory = useDirectory()
let program: string

beforeAll(async () => {
  const home = dirname(dirname(await transpiledCommandLine()))
  const module = (path: string) => JSON.stringify(pathToFileURL(join(home, path)).href)
  program = `
    import { interruptible } from ${module('cli/signals.js')}
    import { copySparse } from ${module('machine/clone/copy-file.js')}
    import { runQemu } from ${module('transaction/qemu.js')}
    const [tool, directory] = process.argv.slice(1)
    const tools = {
      'qemu-img': (signal) =>
        runQemu('qemu-img', ['bench', '-f', 'raw', '-c', '2000000000', directory + '/image'], { signal }),
      cp: (signal) => copySparse(directory + '/pipe', directory + '/copy', signal),
    }
    await interruptible(process.stderr, tools[tool]).catch(({ code }) => console.log(code))`
}, 60_000)

/** Starts a tool that would never end; gives the program, in a process group of its own, and the tool's process. */
async function start(tool: string) {
  await writeFile(join(directory(), 'image'), new Uint8Array(1 << 20))
  await execa('mkfifo', [join(directory(), 'pipe')])
  const args = ['--input-type=module', '-e', program, tool, directory()]
  const child = execa(process.execPath, args, { detached: true, reject: false, stdin: 'ignore' })
  const { pid = 0 } = child
  const children = async () => (await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1')).trim()
  const command = async () => readFile(`/proc/${Number(await children())}/comm`, 'latin1').catch(() => '')
  await expect.poll(command, { timeout: 60_000 }).toBe(`${tool}\n`)
  return { child, pid, toolPid: Number(await children()) }
}

describe.each([
  ['qemu-img', 'QEMU_IMG_FAILED'],
  ['cp', 'COPY_FAILED'],
])('%s', (tool, failure) => {
  test('Ctrl-C on the terminal, which all of the process group hear', async () => {
    const { child, pid } = await start(tool)
    process.kill(-pid, 'SIGINT')
    expect((await child).stdout).toBe('INTERRUPTED')
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s, of which the tool hears first', async (signal) => {
    const { child, pid, toolPid } = await start(tool)
    process.kill(toolPid, signal)
    await sleep(50)
    process.kill(pid, signal)
    expect((await child).stdout).toBe('INTERRUPTED')
  })

  test('the tool alone is killed', async () => {
    const { child, toolPid } = await start(tool)
    process.kill(toolPid, 'SIGTERM')
    expect((await child).stdout).toBe(failure)
  })
})
