import { expect, test } from 'vitest'
import { fromByteText } from '../../../src/formats/bytes.ts'
import { DescriptorDocument } from '../../../src/formats/descriptor.ts'
import { qemuReadsDescriptor } from '../../../src/machine/disk/plain.ts'
import { splitDescriptor } from '../../support/disks.ts'

const TYPE = 'twoGbMaxExtentSparse'
const base = splitDescriptor('base-s001.vmdk')
const child = splitDescriptor('c-s001.vmdk', { parentCid: '11111111', hint: 'base.vmdk' })
const reads = (text: string, hint?: string) =>
  qemuReadsDescriptor(DescriptorDocument.parse(fromByteText(text)), TYPE, hint)

test('qemu reads ordinary descriptors as they are', () => {
  expect(reads(base)).toBe(true)
  expect(reads(child, 'base.vmdk')).toBe(true)
  expect(reads(base.replaceAll('\n', '\r\n'))).toBe(true)
  expect(reads(`${base}\0\0\0`)).toBe(true)
})

test.each([
  ['a parent in a comment', `# parentFileNameHint="/etc/x"\n${base}`, undefined],
  ['a parent without parentCID', `${base}parentFileNameHint="/etc/x"\n`, undefined],
  [
    'a second parent before the first',
    child.replace('CID=', '#parentFileNameHint="/etc/x"\nCID='),
    'base.vmdk',
  ],
  ['a parent with a protocol', child.replace('base.vmdk', 'nbd:host:1'), 'nbd:host:1'],
  ['a parent in another encoding', child.replace('base.vmdk', '\xce\xbb.vmdk'), '位.vmdk'],
  ['an extent across lines', `${base}RW\n8\nFLAT\n"/etc/x"\n`, undefined],
  ['an extent after an empty line', base.replace('# Extent description', ''), undefined],
  ['an extent with a sign', `${base}RW +8 FLAT "/etc/x"\n`, undefined],
  ['an extent in lower case', base.replace('SPARSE', 'sparse'), undefined],
  ['parentCID before CID', base.replace(/(CID.*)\n(parentCID.*)/, '$2\n$1'), undefined],
  ['a key in other case', base.replace('createType', 'CreateType'), undefined],
  ['blanks around "="', base.replace('createType=', 'createType = '), undefined],
])('qemu reads %s otherwise', (_, text, hint) => {
  expect(reads(text, hint)).toBe(false)
})

test('many blank lines and blanks are read', () => {
  expect(reads(`${base}${'\n'.repeat(1 << 17)}${' x'.repeat(1 << 17)}`)).toBe(true)
})
