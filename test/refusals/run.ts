import { mkdirSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { splitDescriptor } from '../support/disks.ts'
import { type Place, type Refusal, table } from '../support/refusal.ts'

/** Where an interrupted run of node1 has its journal. */
const WORK = 'node1/.vmclone-fix/work'

/** A VM in whose directory a run was interrupted; `files` are those that it was to write. */
function interrupted(place: Place, state: string, files: readonly object[] = [], more: object = {}): string {
  const vmx = place.vm()
  const journal = { version: 1, state, directory: dirname(vmx), disks: [], files, ...more }
  place.put('node1/.vmclone-fix/journal.json', JSON.stringify(journal))
  return vmx
}

const ROOT = { uid: 0, gid: 0 }
const NVRAM = { path: 'node1.nvram', after: '0', before: { content: '0', owner: ROOT } }

/** What lies beside the VM, and where clones are to be made. */
export const RUN: readonly Refusal[] = [
  {
    code: 'VM_BUSY',
    when: 'another run holds it',
    request: (place) => {
      const vmx = place.vm()
      place.put('node1/.vmclone-fix/lock', JSON.stringify({ pid: process.pid, host: hostname() }))
      return [vmx]
    },
    names: ['.vmclone-fix/lock', String(process.pid)],
  },
  {
    code: 'VM_BUSY',
    when: 'a run on another host holds it',
    request: (place) => {
      const vmx = place.vm()
      place.put('node1/.vmclone-fix/lock', JSON.stringify({ pid: 1, host: 'esx7' }))
      return [vmx]
    },
    names: ['.vmclone-fix/lock', 'esx7'],
  },
  {
    code: 'RECOVERY_NEEDED',
    when: 'a dry run finds an interrupted run',
    request: (place) => [interrupted(place, 'commit'), '--dry-run'],
    names: ['interrupted run'],
  },
  {
    code: 'RECOVERY_NEEDED',
    when: 'a run on the template was interrupted',
    request: (place) => ['batch', table(place, 'name', 'node7'), '--template', interrupted(place, 'commit')],
    names: ['node1.vmx'],
  },
  {
    code: 'JOURNAL_UNUSABLE',
    when: 'it is cut off',
    request: (place) => {
      const vmx = place.vm()
      place.put('node1/.vmclone-fix/journal.json', '{"version":1,"st')
      return [vmx]
    },
    names: ['.vmclone-fix/journal.json'],
  },
  {
    code: 'JOURNAL_UNUSABLE',
    when: 'the VM was moved',
    request: (place) => [
      interrupted(place, 'commit', [], {
        directory: '/vms/node1',
        disks: [
          { path: '/ssd/a.vmdk', descriptorPath: '/ssd/a.vmdk', descriptor: '', contentId: '', files: [] },
        ],
      }),
    ],
    names: ['/vms/node1', '/ssd/a.vmdk'],
    hint: 'back',
  },
  {
    code: 'WORKSPACE_UNSAFE',
    when: 'it is a file',
    request: (place) => {
      const vmx = place.vm()
      place.put('node1/.vmclone-fix', '')
      return [vmx]
    },
    names: ['.vmclone-fix'],
  },
  {
    code: 'VM_TOUCHED',
    when: 'VMware wrote the .vmx after a run was interrupted',
    request: (place) => {
      place.put(`${WORK}/before/0`, 'config.version = "8"\n')
      return [
        interrupted(place, 'commit', [{ ...NVRAM, path: 'node1.vmx', after: undefined, witness: true }]),
      ]
    },
    names: ['node1/node1.vmx'],
    hint: '.vmclone-fix',
  },
  {
    code: 'COMMIT_FAILED',
    when: 'what was to be written is gone',
    settles: true,
    request: (place) => {
      place.put('node1/node1.nvram', 'old')
      place.put(`${WORK}/before/0`, 'old')
      place.put(`${WORK}/rollback.json`, '{}')
      return [interrupted(place, 'commit', [NVRAM])]
    },
    names: ['taken back', 'work/stage/0 is missing'],
  },
  {
    code: 'ROLLBACK_UNFINISHED',
    when: 'a directory of the VM is gone',
    settles: true,
    request: (place) => [
      interrupted(place, 'rollback', [{ path: 'logs/last', before: { link: 'vmware.log', owner: ROOT } }]),
    ],
    names: ['logs', /failed: ENOENT/],
    hint: 'Do not power the VM on',
  },
  {
    code: 'TARGET_EXISTS',
    when: 'no batch has made what is there',
    request: (place) => {
      const template = place.vm([], { name: 'base' })
      mkdirSync(`${place.directory}/node7`)
      return ['batch', table(place, 'name', 'node7'), '--template', template, '--resume']
    },
    names: ['/node7'],
    hint: /^Give another name/,
  },
  {
    code: 'TARGET_EXISTS',
    when: 'a link that leads nowhere is there',
    request: (place) => {
      const template = place.vm([], { name: 'base' })
      symlinkSync('nowhere', `${place.directory}/node8`)
      return ['batch', table(place, 'name', 'node8'), '--template', template, '--resume']
    },
    names: ['/node8'],
  },
  {
    code: 'TEMPLATE_CHANGED',
    when: 'linked clones stand on what it was',
    request: (place) => {
      const template = place.vm([], { name: 'base' })
      place.put(
        'node6/node6.vmdk',
        splitDescriptor('node6-s001.vmdk', {
          cid: '44444444',
          parentCid: '99999999',
          hint: '../base/disk.vmdk',
        }),
      )
      return ['batch', table(place, 'name', 'node7'), '--template', template, '--clone', 'linked']
    },
    names: ['base.vmx', 'node6.vmdk', '99999999', '11111111'],
  },
  {
    code: 'TOOL_MISSING',
    when: 'guestfish is not installed',
    request: (place) => [place.vm(), '--dry-run'],
    environment: { PATH: '/nowhere' },
    names: ['guestfish'],
    hint: 'libguestfs-tools',
  },
]
