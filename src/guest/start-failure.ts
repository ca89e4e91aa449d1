import { VmcloneError } from '../errors/index.ts'

const last = (text: string): string => text.slice(-2000)

/** Why no appliance came up, from what guestfish, supermin and qemu said. */
export function startFailure(words: string): VmcloneError {
  const kernel = /['"]?(\/boot\/vmlinu[^\s'":]*)['"]?[^\n]*Permission denied/.exec(words)
  if (kernel)
    return new VmcloneError('KERNEL_UNREADABLE', `this user may not read the host’s kernel ${kernel[1]}`)
  if (/failed to find a suitable kernel/.test(words))
    return new VmcloneError('KERNEL_MISSING', 'this host has no kernel that libguestfs can use')
  if (/supermin exited with error|cannot find any suitable libguestfs supermin/.test(words))
    return new VmcloneError(
      'APPLIANCE_BUILD_FAILED',
      `supermin could not build the appliance: ${reason(words)}`,
    )
  const qemu = /(qemu[^\s:]*|\/[^\s:]*qemu[^\s:]*)[^\n]*(No such file or directory|command not found)/.exec(
    words,
  )
  if (qemu || /could not find.*qemu|cannot find.*qemu/i.test(words))
    return new VmcloneError('QEMU_MISSING', `qemu is not installed on this host: ${reason(words)}`)
  return new VmcloneError('APPLIANCE_START_FAILED', `the appliance does not start: ${reason(words)}`, {
    cause: last(words),
  })
}

/** True if another accelerator may help: the appliance was built, and qemu is there. */
export function mayBeKvm(error: VmcloneError): boolean {
  return error.code === 'APPLIANCE_START_FAILED'
}

/** The line that tells most, printable. */
function reason(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  const telling =
    lines.find((line) =>
      /supermin: .*(error|fail|cannot|denied|no space)|No space left|qemu[^:]*: error:/i.test(line),
    ) ??
    lines.find((line) => /error:/.test(line)) ??
    lines.at(-1) ??
    'it said nothing'
  return telling
    .replace(/^(\*stdin\*:\d+: )?libguestfs: error: /, '')
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '?')
    .slice(0, 300)
}
