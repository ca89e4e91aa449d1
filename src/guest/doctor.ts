import { constants } from 'node:fs'
import { access, readdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { execa } from 'execa'
import { asVmcloneError, ERRORS } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import { launch } from './launch.ts'
import type { Session } from './session.ts'

/** One thing that this host must have, or should. */
export interface Check {
  readonly name: string
  /** "limited": the work can be done, but slower or not for every guest. */
  readonly ok: 'yes' | 'no' | 'limited'
  /** What was found, with the real values. */
  readonly fact: string
  /** What mends it. */
  readonly remedy?: string
}

export interface DoctorOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cacheDirectory?: string
  readonly signal?: AbortSignal
}

/** GiB that the overlay and the appliance's own files may need. */
const ROOM = 2

interface Tool {
  readonly name: string
  readonly args: readonly string[]
  readonly packages: string
  /** What happens without it, if the work can be done. */
  readonly without?: string
}

const TOOLS: readonly Tool[] = [
  {
    name: 'guestfish',
    args: ['--version'],
    packages: 'libguestfs-tools (Debian, Ubuntu) or guestfs-tools (Fedora, RHEL)',
  },
  {
    name: 'qemu-img',
    args: ['--version'],
    packages: 'qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL)',
  },
  {
    name: 'qemu-io',
    args: ['--version'],
    packages: 'qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL)',
  },
  {
    name: 'qemu-storage-daemon',
    args: ['--version'],
    packages: 'qemu-system-common (Debian, Ubuntu) or qemu-kvm-core (Fedora, RHEL)',
    without: 'a batch starts more appliances',
  },
]

const FILESYSTEMS = [
  { name: 'ext4', ask: ['filesystem-available', 'ext4'], packages: 'e2fsprogs' },
  { name: 'XFS', ask: ['filesystem-available', 'xfs'], packages: 'libguestfs-xfs' },
  { name: 'btrfs', ask: ['feature-available', 'btrfs'], packages: 'btrfs-progs' },
  { name: 'LVM', ask: ['feature-available', 'lvm2'], packages: 'lvm2' },
  { name: 'LUKS', ask: ['feature-available', 'luks'], packages: 'cryptsetup-bin' },
] as const

/** Tries whether this host can do the work; starts an appliance for it. Throws only INTERRUPTED. */
export async function runDoctor(options: DoctorOptions): Promise<Check[]> {
  const tools = await Promise.all(TOOLS.map((tool) => checkTool(tool, options.environment)))
  const appliance = tools[0]?.ok === 'yes' ? await checkAppliance(options) : []
  return [...tools, await checkKernel(), ...appliance, await checkRoom(options.environment)]
}

async function checkTool(
  { name, args, packages, without }: Tool,
  env: DoctorOptions['environment'],
): Promise<Check> {
  const result = await execa(name, args, {
    reject: false,
    extendEnv: false,
    env,
    stdin: 'ignore',
    timeout: 20_000,
  })
  if (result.exitCode === undefined) {
    const remedy = `Install ${packages}.`
    if (without === undefined) return { name, ok: 'no', fact: `${name} is not installed`, remedy }
    return { name, ok: 'limited', fact: `${name} is not installed: without it ${without}`, remedy }
  }
  const version = /\d+\.\d+[\w.]*/.exec(result.stdout)?.[0]
  return { name, ok: 'yes', fact: version === undefined ? 'installed' : `version ${version}` }
}

async function checkAppliance({ environment, cacheDirectory, signal }: DoctorOptions): Promise<Check[]> {
  const notices: Notice[] = []
  const started = Date.now()
  let session: Session
  try {
    session = await launch({
      drives: [{ path: '/dev/null', format: 'raw', readonly: true }],
      env: environment,
      fresh: true,
      onNotice: (notice) => notices.push(notice),
      ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (thrown) {
    const error = asVmcloneError(thrown)
    if (error.code === 'INTERRUPTED') throw error
    return [{ name: 'appliance', ok: 'no', fact: error.message, remedy: error.hint }]
  }
  try {
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    const launched: Check = { name: 'appliance', ok: 'yes', fact: `started in ${seconds} s` }
    const accelerator = checkAccelerator(environment, notices[0])
    return [launched, accelerator, ...(await checkFilesystems(session))]
  } finally {
    await session.close()
  }
}

function checkAccelerator(env: DoctorOptions['environment'], slow: Notice | undefined): Check {
  const name = 'KVM'
  if (slow)
    return {
      name,
      ok: 'limited',
      fact: slow.message,
      ...(slow.hint === undefined ? {} : { remedy: slow.hint }),
    }
  if (!env.LIBGUESTFS_BACKEND_SETTINGS?.includes('force_tcg'))
    return { name, ok: 'yes', fact: 'the appliance runs on it' }
  const fact = 'LIBGUESTFS_BACKEND_SETTINGS says force_tcg, so the appliance is emulated, which is slower'
  return { name, ok: 'limited', fact, remedy: 'Unset it to let KVM be tried.' }
}

/** Debian and Ubuntu keep kernels in /boot, Fedora and RHEL also beside their modules. */
async function checkKernel(): Promise<Check> {
  const name = 'kernel'
  const found = [
    ...(await readdir('/boot').catch(() => []))
      .filter((file) => file.startsWith('vmlinuz'))
      .map((file) => `/boot/${file}`),
    ...(await readdir('/lib/modules').catch(() => [])).map((version) => `/lib/modules/${version}/vmlinuz`),
  ]
  const states = await Promise.all(
    found.map(async (path) => {
      const there = await access(path).then(
        () => true,
        () => false,
      )
      const readable = await access(path, constants.R_OK).then(
        () => true,
        () => false,
      )
      return { path, there, readable }
    }),
  )
  const there = states.filter((state) => state.there)
  const readable = there.find((state) => state.readable)
  if (readable) return { name, ok: 'yes', fact: `${readable.path} can be read` }
  const [first] = there
  if (first)
    return {
      name,
      ok: 'limited',
      fact: `${first.path} cannot be read by this user`,
      remedy: ERRORS.KERNEL_UNREADABLE.remedy,
    }
  return {
    name,
    ok: 'limited',
    fact: 'no kernel was found in /boot and /lib/modules',
    remedy: ERRORS.KERNEL_MISSING.remedy,
  }
}

async function checkFilesystems(session: Session): Promise<Check[]> {
  const answers = await session.send(FILESYSTEMS.map(({ ask: [command, what] }) => [command, what]))
  return FILESYSTEMS.map(({ name, packages }, index) => {
    const answer = answers[index]
    if (answer?.ok && answer.output.toString().trim() === 'true')
      return { name, ok: 'yes', fact: 'the appliance has its tools' }
    const remedy = `For guests that use it, install ${packages} (Debian, Ubuntu: that name; elsewhere a like one).`
    return { name, ok: 'limited', fact: 'the appliance lacks its tools', remedy }
  })
}

async function checkRoom(env: DoctorOptions['environment']): Promise<Check> {
  const directory = env.TMPDIR || tmpdir()
  const name = 'free space'
  try {
    const { bavail, bsize } = await statfs(directory)
    const free = (bavail * bsize) / 2 ** 30
    const fact = `${free.toFixed(1)} GiB free in ${directory}`
    if (free >= ROOM) return { name, ok: 'yes', fact }
    return {
      name,
      ok: 'limited',
      fact,
      remedy: `Make room there, or set TMPDIR to a directory with ${ROOM} GiB free.`,
    }
  } catch {
    return { name, ok: 'no', fact: `${directory} is not there`, remedy: 'Set TMPDIR to a directory that is.' }
  }
}
