import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { originalDescriptor } from '../../src/machine/disk/mend.ts'
import { createVmdk } from '../support/qemu.ts'

/** A VM with an 8 MiB disk that holds something, and three files. Its content id has eight digits, as VMware writes it; qemu writes one in sixteen with fewer. */
export async function makeVm(directory: string, subformat: string): Promise<void> {
  const disk = join(directory, 'disk.vmdk')
  const writes = ['-c', 'write -P 17 0 2M', '-c', 'write -P 34 4M 300k']
  do {
    await createVmdk(disk, `subformat=${subformat},adapter_type=lsilogic`, '8M')
    await execa('qemu-io', ['-f', 'vmdk', ...writes, disk])
  } while (/\nCID=[0-9a-f]{1,7}\n/.test(Buffer.from(await originalDescriptor(disk)).toString('latin1')))
  await writeFile(join(directory, 'vm.vmx'), 'old\n', { mode: 0o755 })
  await writeFile(join(directory, 'gone.txt'), 'gone\n')
}

export async function copyVm(from: string, to: string): Promise<string> {
  await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  return to
}

/** True if a guest sees the same on both VM's disks. */
export async function sameDisk(a: string, b: string): Promise<boolean> {
  const paths = [a, b].map((directory) => join(directory, 'disk.vmdk'))
  const { exitCode, stderr } = await execa('qemu-img', ['compare', '-f', 'vmdk', '-F', 'vmdk', ...paths], {
    reject: false,
  })
  if (exitCode !== 0 && exitCode !== 1) throw new Error(stderr)
  return exitCode === 0
}

/** Names and contents of the VM's own files, without its disk and the workspace. */
export async function hostFiles(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory))
    .filter((name) => !name.endsWith('.vmdk') && name !== '.vmclone-fix')
    .sort()
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/** A run of the test program that can be killed. */
export class Program {
  readonly child: ChildProcess
  readonly lines: string[] = []
  readonly exited: Promise<unknown>
  readonly ended: Promise<unknown>

  constructor(main: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (!this.child.stdout) throw new Error('no stdout')
    const reader = createInterface(this.child.stdout)
    reader.on('line', (line) => this.lines.push(line))
    this.exited = once(this.child, 'exit')
    this.ended = Promise.all([this.exited, once(reader, 'close')])
  }

  /** Waits for a line, or for the end. */
  async line(wanted: string): Promise<void> {
    while (!this.lines.includes(wanted) && this.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 2))
  }

  /** SIGKILL; with `children` as a reset of the machine would: what it had started ends too. */
  async kill(children: boolean): Promise<void> {
    const { pid } = this.child
    if (pid === undefined || this.child.exitCode !== null) return
    const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    this.child.kill('SIGKILL')
    await this.exited
    if (!children) return
    for (const child of list.split(' ').filter(Boolean)) {
      try {
        process.kill(Number(child), 'SIGKILL')
      } catch {
        // Ended by itself.
      }
    }
  }
}
