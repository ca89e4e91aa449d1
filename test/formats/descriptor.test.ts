import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { DescriptorDocument } from '../../src/formats/descriptor.ts'

const parse = (text: string) => DescriptorDocument.parse(fromByteText(text))

const line = fc.oneof(
  fc.constantFrom(
    '# Disk DescriptorFile',
    'version=1',
    'CID=2716c2af',
    'cid = "0badcafe"',
    'parentCID=ffffffff',
    'createType="twoGbMaxExtentSparse"',
    'RW 8323072 SPARSE "Ubuntu 64-bit-s001.vmdk"',
    'RW',
    '# The Disk Data Base ',
    'ddb.longContentID = "ecd5ff81a90207cd9574e5642716c2af"',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => toByteText(Buffer.from(text))),
)
const descriptorText = fc
  .tuple(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), fc.constantFrom('', '\n', '\0\0\0'))
  .map(([lines, end, tail]) => lines.join(end) + tail)

describe('a descriptor document', () => {
  test.prop([fc.uint8Array({ maxLength: 600 })])('keeps arbitrary bytes', (bytes) => {
    expect(DescriptorDocument.parse(bytes).bytes()).toEqual(bytes)
  })

  test.prop([descriptorText])('keeps descriptor-like bytes', (text) => {
    expect(toByteText(parse(text).bytes())).toBe(text)
  })

  test.prop([
    descriptorText,
    fc.constantFrom('CID', 'parentCID', 'ddb.longContentID'),
    fc.stringMatching(/^[0-9a-f]{8}$/),
  ])('edits the span of one value and nothing else', (text, key, value) => {
    const before = parse(text)
    const after = before.set(key, value)
    const old = before.get(key)
    if (old === undefined) {
      expect(after.text).toBe(text)
      return
    }
    expect(after.get(key)).toBe(value)
    expect(after.text.length).toBe(text.length - old.length + value.length)
    expect(after.set(key, old === '' ? value : old).text).toBe(old === '' ? after.text : text)
    expect(after.keys()).toEqual(before.keys())
    expect(after.extents).toEqual(before.extents)
  })

  test('reads keys in any case, quoted or not, and the first of two', () => {
    const document = parse(
      '# Disk DescriptorFile\r\nCID=0a1b2c3d\r\n  createtype = "vmfs"  \r\nCID=ffffffff\r\n',
    )
    expect(document.isDescriptor).toBe(true)
    expect(document.get('cid')).toBe('0a1b2c3d')
    expect(document.get('createType')).toBe('vmfs')
    expect(document.keys()).toEqual(['CID', 'createtype', 'CID'])
  })

  test('keeps the CR of an edited line', () => {
    expect(parse('CID=1\r\nparentCID=ffffffff\r\n').set('CID', '00000002').text).toBe(
      'CID=00000002\r\nparentCID=ffffffff\r\n',
    )
  })

  test('reads extents with name, offset, neither, and what follows them', () => {
    const document = parse(
      [
        'RW 8323072 SPARSE "Ubuntu 64-bit-s001.vmdk"',
        'RW 100 FLAT "a-flat.vmdk" 7',
        'RDONLY 63 ZERO',
        'RW 9 flat "\\\\.\\PhysicalDrive0" 0 partitionUUID x',
        'RW 12 SPARSE noquotes.vmdk',
        'RWX 1 FLAT "a"',
      ].join('\n'),
    )
    expect(document.extents).toEqual([
      { access: 'RW', sectors: 8323072, type: 'SPARSE', name: 'Ubuntu 64-bit-s001.vmdk', offset: 0 },
      { access: 'RW', sectors: 100, type: 'FLAT', name: 'a-flat.vmdk', offset: 7 },
      { access: 'RDONLY', sectors: 63, type: 'ZERO', offset: 0 },
      { access: 'RW', sectors: 9, type: 'FLAT', name: '\\\\.\\PhysicalDrive0', offset: 0 },
    ])
    expect(document.malformed).toEqual([5])
  })

  test('reads nothing behind the first NUL', () => {
    const document = parse('CID=12345678\n\0\nparentCID=0badcafe\nRW 1 FLAT "x"\n')
    expect(document.get('parentCID')).toBeUndefined()
    expect(document.extents).toEqual([])
  })

  test('takes NULs off the end and fills up with them', () => {
    expect(parse('CID=1\n\0\0\0').padded().text).toBe('CID=1\n')
    expect(parse('CID=1\n\0').padded(10).text).toBe('CID=1\n\0\0\0\0')
  })

  test.each(['a"b', 'a\nb', 'a\0', 'a b', ''])('refuses to write %j as a bare value', (value) => {
    expect(() => parse('CID=1').set('CID', value)).toThrow(RangeError)
  })

  test('writes a blank into a quoted value', () => {
    expect(parse('k="1"').set('k', 'a b').text).toBe('k="a b"')
  })

  test('gives extents other names and touches nothing else', () => {
    const text =
      'CID=1\r\n rw 1 flat "a.vmdk" 7 # x\r\nRW\nRDONLY 63 ZERO\nRW 2 SPARSE "b\xce\xbb"\n#RW 1 FLAT "n"\0\0'
    expect(parse(text).renamed(['c d', 'zero', 'e']).text).toBe(
      text.replace('a.vmdk', 'c d').replace('b\xce\xbb', 'e'),
    )
    expect(parse(text).renamed([]).text).toBe(text)
    expect(() => parse(text).renamed(['a"b'])).toThrow(RangeError)
  })

  test.prop([fc.array(line), fc.nat(9)])('names given back are what was read', (lines, padding) => {
    const text = lines.join('\n').padEnd(lines.join('\n').length + padding, '\0')
    const document = parse(text)
    expect(document.renamed(document.extents.map(({ name }) => name ?? '')).text).toBe(text)
  })
})
