import { expect, test } from 'vitest'
import { fromByteText, toByteText } from '../../../src/formats/bytes.ts'
import { cloneMachine, companionFiles } from '../../../src/machine/clone/machine.ts'
import { linkedVmsd } from '../../../src/machine/clone/vmsd.ts'
import { cloneVmx } from '../../../src/machine/clone/vmx.ts'
import { templateOf } from '../../support/template.ts'
import { vmxBytes, vmxOf } from '../../support/vmx.ts'

const node1 = { name: 'node1', directory: '/vms/node1' }
const fixture = (name: string) => toByteText(vmxBytes(name))

/** Lines that are in one text and not in the other. */
function changed(before: string, after: string): { gone: string[]; come: string[] } {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  return { gone: a.filter((line) => !b.includes(line)), come: b.filter((line) => !a.includes(line)) }
}

test('only the names of files and the display name are other than in the template', () => {
  const text = fixture('workstation.vmx').replaceAll('node1', 'base')
  const after = toByteText(cloneVmx(templateOf(text), node1).bytes())
  expect(changed(text, after).come).toEqual([
    'nvram = "node1.nvram"',
    'displayName = "node1"',
    'scsi0:0.fileName = "node1.vmdk"',
    'extendedConfigFile = "node1.vmxf"',
  ])
  expect(after).toBe(text.replaceAll('"base', '"node1'))
})

test.each(['windows-host.vmx', 'esxi.vmx', 'korean.vmx', 'by-hand.vmx'])(
  'identity keys of %s are left for the operations',
  (name) => {
    const before = vmxOf(fixture(name))
    const after = cloneVmx(templateOf(fixture(name)), node1)
    const identity = before.keys().filter((key) => /uuid|ethernet|vmci0|genid|wwid/i.test(key))
    expect(identity.map((key) => after.get(key))).toEqual(identity.map((key) => before.get(key)))
    expect(after.encoding).toBe(before.encoding)
  },
)

const LEFT = [
  'config.version = "8"',
  'checkpoint.vmState = ""',
  'checkpoint.vmState.readOnly = "FALSE"',
  'checkpoint.cptConfigName = "base-1234"',
  'rollingTier0.uid = "3"',
  'sched.swap.derivedName = "/vms/base/base-1.vswp"',
  'migrate.hostLog = "./base-1.hlog"',
  'templateVM = "TRUE"',
  'workingDir = "/vms/base"',
  'ctkEnabled = "TRUE"',
  'SCSI0:0.ctkenabled = "TRUE"',
  'cleanShutdown = "FALSE"',
  'replay.filename = "/vms/base/r"',
  'replay.supported = "FALSE"',
  'vmxstats.filename = "base.scoreboard"',
  'fileSearchPath = ".;/vms/old"',
  'scsi0:0.present = "TRUE"',
  'scsi0:0.fileName = "base.vmdk"',
  'scsi0:0.mode = "independent-persistent"',
  '',
].join('\n')

test('state of the template does not go with the clone', () => {
  const after = cloneVmx(templateOf(LEFT), node1)
  expect(toByteText(after.bytes()).split('\n')).toEqual([
    'config.version = "8"',
    'checkpoint.vmState = ""',
    'replay.filename = ""',
    'replay.supported = "FALSE"',
    'vmxstats.filename = "node1.scoreboard"',
    'scsi0:0.present = "TRUE"',
    'scsi0:0.fileName = "node1.vmdk"',
    'scsi0:0.mode = "independent-persistent"',
    'displayName = "node1"',
    '',
  ])
})

test.each([
  ['/vms/base', '.;../base'],
  ['/srv/golden images/位', '.;../../srv/golden images/位'],
  ['/srv/a;b', undefined],
])('a linked clone looks for parents in %s', (parentDirectory, expected) => {
  const after = cloneVmx(templateOf(LEFT, { kind: 'linked', parentDirectory }), node1)
  expect(after.get('fileSearchPath')).toBe(expected)
})

test('several disks are renamed, each at its node', () => {
  const after = cloneVmx(
    templateOf('scsi0:1.filename = "data.vmdk"\nSCSI0:0.fileName = "x.vmdk"\n', { disks: 2 }),
    node1,
  )
  expect(toByteText(after.bytes())).toContain(
    'scsi0:1.filename = "node1-1.vmdk"\nSCSI0:0.fileName = "node1.vmdk"\n',
  )
})

test.each([
  ['tools.iso', '../base/tools.iso'],
  ['../iso/debian 12.iso', '../iso/debian 12.iso'],
  ['/srv/debian.iso', '/srv/debian.iso'],
  ['D:\\iso\\debian.iso', 'D:\\iso\\debian.iso'],
  ['auto detect', 'auto detect'],
])('the CD image %j stays that file', (name, expected) => {
  const after = cloneVmx(
    templateOf(`ide1:0.deviceType = "cdrom-image"\nide1:0.fileName = "${name}"\n`),
    node1,
  )
  expect(after.get('ide1:0.fileName')).toBe(expected)
})

test('a name is written in the encoding of the .vmx, or refused', () => {
  const template = templateOf(fixture('chinese.vmx'))
  const after = cloneVmx(template, { name: '节点 1', directory: '/vms/x' })
  expect(toByteText(after.bytes())).toContain('displayName = "\xbd\xda\xb5\xe3 1"')
  expect(after.get('displayName')).toBe('节点 1')
  expect(() => cloneVmx(template, { name: 'ñandú', directory: '/vms/x' })).toThrowError(
    expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE' }),
  )
})

test('a linked clone’s .vmsd says where it comes from', () => {
  const disks = ['/vms/节点/a.vmdk', '/vms/节点/a-1.vmdk']
  const text = Buffer.from(linkedVmsd({ templateVmx: '/vms/"b"|/base.vmx', disks })).toString()
  expect(text.split('\n')).toEqual([
    '.encoding = "UTF-8"',
    'cloneOf0 = "/vms/|22b|22|7C/base.vmx"',
    'numCloneOf = "1"',
    'sentinel0 = "/vms/节点/a.vmdk"',
    'sentinel1 = "/vms/节点/a-1.vmdk"',
    'numSentinels = "2"',
    '',
  ])
})

test('the survey and the further files of a clone', () => {
  const vmxf = { name: 'base.vmxf', bytes: fromByteText('<Foundry/>') }
  const nvram = { name: 'bios.nvram', bytes: fromByteText('NVRAM') }
  const template = { ...templateOf(fixture('workstation.vmx')), vmxf, nvram }
  const machine = cloneMachine(template, node1)
  expect(machine).toMatchObject({ vmxPath: '/vms/node1/node1.vmx', directory: '/vms/node1', name: 'node1' })
  expect(machine.vmxf).toEqual({ name: 'node1.vmxf', bytes: vmxf.bytes })
  expect(machine.disks).toEqual(template.disks)
  const [disk] = template.disks
  if (disk === undefined) throw new Error('the template has no disk')
  const chain = { ...disk.chain, leaf: { ...disk.chain.leaf, uuid: '60 00 C2 9' } }
  expect(cloneMachine({ ...template, disks: [{ ...disk, chain }] }, node1).disks[0]).toEqual(disk)
  expect(companionFiles(template, node1)).toEqual([
    { name: 'node1.vmsd', bytes: new Uint8Array() },
    { name: 'node1.nvram', bytes: nvram.bytes },
  ])
  const [vmsd, ...others] = companionFiles({ ...templateOf(''), kind: 'linked' }, node1)
  expect(toByteText(vmsd?.bytes ?? new Uint8Array())).toContain('sentinel0 = "/vms/node1/node1.vmdk"')
  expect(others).toEqual([])
})
