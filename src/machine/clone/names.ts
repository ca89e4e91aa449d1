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

/** Bytes: what a file name can hold, less what is put before a clone's name while it is made, and behind it for disks and their journals. */
export const CLONE_NAME_BYTES = 200

/** File names of the clone `name`. Throws NAME_UNUSABLE. */
export function cloneNames(template: Pick<MachineSurvey, 'disks'>, name: string): CloneNames {
  const fault = cloneNameFault(name)
  if (fault !== undefined)
    throw new VmcloneError(
      'NAME_UNUSABLE',
      `a clone cannot have the name ${JSON.stringify(name)}: it ${fault}`,
    )
  return {
    vmx: `${name}.vmx`,
    vmxf: `${name}.vmxf`,
    vmsd: `${name}.vmsd`,
    nvram: `${name}.nvram`,
    disks: template.disks.map((_, i) => (i === 0 ? `${name}.vmdk` : `${name}-${i}.vmdk`)),
  }
}

/** Why a name cannot be a clone's: as a file, in a descriptor, or for qemu; undefined if it can. */
export function cloneNameFault(name: string): string | undefined {
  if (name === '') return 'is none'
  if (/[/\\]/.test(name)) return 'holds a slash'
  // So do the directories that a batch works in.
  if (name.startsWith('.')) return 'begins with a dot'
  // A quote ends a name in a descriptor; before a colon qemu takes a protocol.
  if (/["\0-\x1f\x7f:]/.test(name)) return 'holds a double quote, a colon or a control character'
  return Buffer.byteLength(name) > CLONE_NAME_BYTES ? `is longer than ${CLONE_NAME_BYTES} bytes` : undefined
}
