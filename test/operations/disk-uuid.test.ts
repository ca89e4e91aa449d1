import { expect, it } from 'vitest'
import type { DiskChain, DiskLink } from '../../src/machine/disk/chain.ts'
import { diskUuid } from '../../src/operations/disk-uuid.ts'
import { newIdsIn } from '../../src/transaction/change.ts'
import { identityOf } from '../support/clone.ts'
import { vmOf } from '../support/machine.ts'
import { vmxFixture } from '../support/vmx.ts'

const UUID = '60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c'

function link(name: string, uuid?: string): DiskLink {
  const descriptorPath = `/vms/node1/${name}`
  return {
    descriptorPath,
    createType: 'twoGbMaxExtentSparse',
    cid: '00000001',
    parentCid: 'ffffffff',
    parentHints: [],
    embedded: false,
    extents: [],
    capacity: 0,
    files: [descriptorPath],
    plain: true,
    changeTracking: false,
    ...(uuid === undefined ? {} : { uuid }),
  }
}

function plan(leaf: DiskLink, { parents = [] as DiskLink[], storageIds = [] as string[] } = {}) {
  const survey = vmOf(vmxFixture('esxi.vmx'))
  if (survey.machine === undefined) throw new Error('the survey has no machine')
  const chain: DiskChain = { leaf, parents, capacity: 0 }
  const machine = { ...survey.machine, disks: [{ node: 'scsi0:0', chain }] }
  return diskUuid.plan({ ...survey, machine }, identityOf({ storageIds }))
}

it('gives a disk a ddb.uuid of its own, once', () => {
  const { changes, notices } = plan(link('disks/a.vmdk', UUID))
  const [after = ''] = newIdsIn(changes)
  expect(after).toMatch(/^60 00 C2 9[0-9a-f] /)
  expect(changes).toMatchObject([
    {
      at: 'descriptor',
      kind: 'id',
      path: 'disks/a.vmdk',
      before: UUID,
      after,
      summary: `ddb.uuid ${UUID} → ${after}`,
    },
  ])
  expect(notices).toEqual([])
  expect(plan(link('disks/a.vmdk', after), { storageIds: [after] })).toEqual({ changes: [], notices: [] })
})

it('leaves a disk that has none, or another’s', () => {
  expect(plan(link('a.vmdk'))).toEqual({ changes: [], notices: [] })
  const child = plan(link('a.vmdk'), { parents: [link('base.vmdk', UUID)] })
  expect(child).toMatchObject({ changes: [], notices: [{ code: 'storage-id-left' }] })
  expect(plan(link('a.vmdk', 'x'))).toMatchObject({ changes: [], notices: [{ code: 'storage-id-left' }] })
})
