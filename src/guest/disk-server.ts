import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { createOverlay } from '../transaction/images.ts'
import type { Drive } from './launch.ts'
import { Qmp } from './qmp.ts'
import { temporaryDirectory } from './temporary.ts'

/**
 * Starts the daemon, and ends it when standard input closes: it must not outlive this process, however that dies, and knows no
 * such option itself.
 */
const KEEPER = `exec 3<&0 </dev/null
"$@" 3<&- &
daemon=$!
{ cat <&3 >/dev/null; kill "$daemon"; } 2>/dev/null &
keeper=$!
exec 3<&-
wait "$daemon"
kill "$keeper"`

/** What stands behind one drive. */
interface Slot {
  /** Name of the block node behind it, with all below it. */
  readonly node: string
  readonly overlay?: string
}

/**
 * Drives of an appliance whose disks are put in place after it has started, one after the other: qemu-storage-daemon serves them over a unix
 * socket. An appliance is told at its start what drives it has; so it can start while the disks are still to be made, and one start
 * does for many. A disk that is only to be read is so for qemu too: what an appliance writes nevertheless goes to an overlay that goes
 * with the disk.
 */
export class DiskServer {
  /** The drives, empty at first, in the order of `sizes`. */
  readonly drives: readonly Drive[]
  readonly #qmp: Qmp
  /** What the daemon needs on the host; goes with it. */
  readonly directory: string
  readonly #stop: () => Promise<void>
  /** By the drives' order; none while a drive is empty. */
  readonly #slots = new Map<number, Slot>()
  #count = 0

  private constructor(qmp: Qmp, directory: string, drives: readonly Drive[], stop: () => Promise<void>) {
    this.#qmp = qmp
    this.directory = directory
    this.drives = drives
    this.#stop = stop
  }

  /**
   * Starts the daemon. `sizes`: those of the disks that come later, in bytes. Throws GUESTFISH_ENDED if this host has no
   * qemu-storage-daemon, or one that is too old; what listening throws.
   */
  static async start(
    sizes: readonly number[],
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<DiskServer> {
    const directory = await temporaryDirectory(env)
    const control = join(directory, 'qmp')
    const server = join(directory, 'nbd')
    let stop = (): Promise<void> => rm(directory, { recursive: true, force: true })
    try {
      const qmp = await Qmp.listen(control)
      const args = [
        ...['--chardev', `socket,id=control,server=off,path=${escaped(control)}`],
        ...['--monitor', 'chardev=control'],
        ...['--nbd-server', `addr.type=unix,addr.path=${escaped(server)},max-connections=0`],
        ...sizes.flatMap((size, index) => slotArguments(index, size)),
      ]
      const child = execa('sh', ['-c', KEEPER, 'sh', 'qemu-storage-daemon', ...args], {
        buffer: { stdout: false, stderr: true },
        // Ctrl-C in the terminal is not for it: guests are unmounted first.
        detached: true,
        reject: false,
        cwd: '/',
        env,
        extendEnv: false,
        stdin: 'pipe',
        stdout: 'ignore',
      })
      child.stdin.on('error', () => undefined)
      const ended = child.then(({ stderr, shortMessage }) => qmp.end(stderr.trim() || shortMessage))
      stop = async () => {
        qmp.end()
        child.stdin.end()
        await ended
        await rm(directory, { recursive: true, force: true })
      }
      await qmp.ready()
      const drives = sizes.map((_, index) => ({
        path: exportName(index),
        format: 'raw',
        readonly: false,
        server,
      }))
      return new DiskServer(qmp, directory, drives, stop)
    } catch (error) {
      await stop()
      throw error
    }
  }

  /**
   * Puts disks, by their paths on the host, in place of those that are there, which are complete and closed then. Nothing of a drive may
   * be in use, and an appliance that runs does not know of it. Throws QEMU_IMG_FAILED, GUESTFISH_ENDED.
   */
  async insert(disks: readonly Drive[]): Promise<void> {
    if (disks.length !== this.drives.length) throw new TypeError('as many disks as drives')
    for (const [index, disk] of disks.entries()) {
      const before = this.#slots.get(index)
      const node = `disk${this.#count++}`
      const image = { driver: disk.format, file: { driver: 'file', filename: disk.path } }
      const overlay = disk.readonly ? join(this.directory, `${node}.qcow2`) : undefined
      if (overlay !== undefined) await createOverlay(overlay, disk.path)
      await this.#qmp.ask('blockdev-add', {
        'node-name': node,
        ...(overlay === undefined
          ? image
          : {
              driver: 'qcow2',
              file: { driver: 'file', filename: overlay },
              backing: { ...image, 'read-only': true },
            }),
      })
      await this.#put(index, node)
      this.#slots.set(index, { node, ...(overlay === undefined ? {} : { overlay }) })
      if (before) await this.#drop(before)
    }
  }

  /** Takes the disks away: nothing of them is open any more. */
  async empty(): Promise<void> {
    for (const [index, slot] of this.#slots) {
      await this.#put(index, emptyName(index))
      this.#slots.delete(index)
      await this.#drop(slot)
    }
  }

  /** Ends the daemon; to be called when no appliance uses it any more. Safe to call twice. */
  close(): Promise<void> {
    return this.#stop()
  }

  async #put(index: number, file: string): Promise<void> {
    await this.#qmp.ask('blockdev-reopen', {
      options: [{ driver: 'raw', 'node-name': slotName(index), file }],
    })
  }

  async #drop({ node, overlay }: Slot): Promise<void> {
    await this.#qmp.ask('blockdev-del', { 'node-name': node })
    if (overlay !== undefined) await rm(overlay, { force: true })
  }
}

function slotArguments(index: number, size: number): string[] {
  const empty = { driver: 'null-co', 'node-name': emptyName(index), size, 'read-zeroes': true }
  const slot = { driver: 'raw', 'node-name': slotName(index), file: emptyName(index) }
  const served = {
    type: 'nbd',
    id: `export${index}`,
    'node-name': slotName(index),
    name: exportName(index),
    writable: true,
  }
  return [
    ...['--blockdev', JSON.stringify(empty)],
    ...['--blockdev', JSON.stringify(slot)],
    ...['--export', JSON.stringify(served)],
  ]
}

const emptyName = (index: number): string => `empty${index}`
const slotName = (index: number): string => `slot${index}`
const exportName = (index: number): string => `drive${index}`

/** In qemu's lists of options a comma ends a value. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,')
}

/** True if a drive's disk can be changed in these appliances; those of libvirt may not reach the socket. */
export function canServe(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env.LIBGUESTFS_BACKEND || 'direct') === 'direct'
}
