import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { splitDescriptor } from '../support/disks.ts'
import { type Refusal, table } from '../support/refusal.ts'

/** The VM's own files. */
export const MACHINE: readonly Refusal[] = [
  {
    code: 'VMX_NOT_FOUND',
    when: 'there is none',
    request: (place) => [`${place.directory}/node1.vmx`],
    names: ['/node1.vmx'],
  },
  {
    code: 'VMX_NOT_FOUND',
    when: 'its directory is given',
    request: (place) => [dirname(place.vm())],
    names: ['/node1 is a directory'],
    hint: 'node1/node1.vmx',
  },
  {
    code: 'VMX_MALFORMED',
    when: 'it is a disk',
    request: (place) => [place.vm().replace('node1.vmx', 'disk.vmdk')],
    names: ['disk.vmdk'],
  },
  {
    code: 'VMX_MALFORMED',
    when: 'it is a text of another kind',
    request: (place) => [place.put('notes.vmx', 'buy = "milk"\n')],
    names: ['notes.vmx'],
  },
  {
    code: 'VM_LOCKED',
    when: 'VMware has it open',
    request: (place) => {
      const vmx = place.vm()
      mkdirSync(`${vmx}.lck`)
      place.put('node1/node1.vmx.lck/M12345.lck', 'x')
      return [vmx]
    },
    names: ['node1.vmx.lck'],
    hint: '--force',
  },
  {
    code: 'VM_SUSPENDED',
    when: 'it is asleep',
    request: (place) => [place.vm(['checkpoint.vmState = "node1-1a2b.vmss"'])],
    names: ['node1.vmx', 'node1-1a2b.vmss'],
  },
  {
    code: 'VM_ENCRYPTED',
    when: 'its configuration is encrypted',
    request: (place) => [place.vm(['encryption.keySafe = "vmware:key/list/x"'])],
    names: ['node1.vmx'],
  },
  {
    code: 'VM_NOT_SHUT_DOWN',
    when: 'the .vmx says so',
    request: (place) => [place.vm(['cleanShutdown = "FALSE"'])],
    names: ['node1.vmx', 'cleanShutdown'],
    hint: '--force',
  },
  {
    code: 'VM_IS_TEMPLATE',
    when: 'it is in template mode',
    request: (place) => [place.vm(['templateVM = "TRUE"'])],
    names: ['node1.vmx', 'templateVM'],
    hint: '--force',
  },
  {
    code: 'SNAPSHOT_UNUSABLE',
    when: 'its disk is no parent of the current one',
    request: (place) => {
      const template = place.vm([], { name: 'base' })
      place.put('base/old.vmdk', splitDescriptor('disk-s001.vmdk'))
      const lines = ['snapshot.current = "1"', 'snapshot0.uid = "1"', 'snapshot0.displayName = "gold"']
      const disk = ['snapshot0.disk0.fileName = "old.vmdk"', 'snapshot0.disk0.node = "scsi0:0"']
      place.put('base/base.vmsd', [...lines, ...disk, ''].join('\n'))
      return ['batch', table(place, 'name', 'node7'), '--template', template, '--clone', 'linked']
    },
    names: ['old.vmdk', 'scsi0:0'],
    hint: 'snapshot',
  },
]
