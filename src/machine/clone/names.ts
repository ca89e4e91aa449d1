import { VmcloneError } from '../../errors/index.ts'
import type { MachineSurvey } from '../survey.ts'

/** File names of a clone, all in its directory. */
export interface CloneNames {
  readonly vmx: string
  readonly vmxf: string
  readonly vmsd: string
  readonly nvram: string
  /** Descriptors, one for each of the template's disks in their order. */
  readonly disks: readonly string[]
}

/** Bytes of the longest file name, and of what is put behind a clone's name in it: "-999-s9999.vmdk". */
const NAME_LIMIT = 255
const SUFFIX_LIMIT = 15

/** File names of the clone `name`. Throws NAME_UNUSABLE. */
export function cloneNames(template: Pick<MachineSurvey, 'disks'>, name: string): CloneNames {
  checkCloneName(name)
  return {
    vmx: `${name}.vmx`,
    vmxf: `${name}.vmxf`,
    vmsd: `${name}.vmsd`,
    nvram: `${name}.nvram`,
    disks: template.disks.map((_, i) => (i === 0 ? `${name}.vmdk` : `${name}-${i}.vmdk`)),
  }
}

/** Throws NAME_UNUSABLE for a name that cannot be a clone's: as a file, in a descriptor, or for qemu. */
export function checkCloneName(name: string): void {
  const fault =
    name === '' || name === '.' || name === '..'
      ? 'is none'
      : /[/\\]/.test(name)
        ? 'holds a slash'
        : // A quote ends a name in a descriptor; before a colon qemu takes a protocol.
          /["\0-\x1f\x7f:]/.test(name)
          ? 'holds a double quote, a colon or a control character'
          : Buffer.byteLength(name) > NAME_LIMIT - SUFFIX_LIMIT
            ? `is longer than ${NAME_LIMIT - SUFFIX_LIMIT} bytes`
            : undefined
  if (fault !== undefined)
    throw new VmcloneError(
      'NAME_UNUSABLE',
      `a clone cannot have the name ${JSON.stringify(name)}: it ${fault}`,
    )
}
