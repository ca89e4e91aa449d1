import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { toByteText } from '../../../src/formats/bytes.ts'
import { VmxDocument } from '../../../src/machine/vmx/document.ts'
import { vmxBytes, vmxFixture, vmxOf } from '../../support/vmx.ts'

const FIXTURES = ['workstation', 'windows-host', 'chinese', 'korean', 'esxi', 'by-hand', 'encrypted']

describe('fixtures', () => {
  test.each(FIXTURES)('%s.vmx is printed as it was', (name) => {
    expect(vmxFixture(`${name}.vmx`).bytes()).toEqual(vmxBytes(`${name}.vmx`))
  })

  test.each([
    ['workstation.vmx', 'displayname', 'node1'],
    ['windows-host.vmx', 'displayName', 'Büro-Server € 7'],
    ['windows-host.vmx', 'annotation', 'made on Tuesday\nby "us"'],
    ['windows-host.vmx', 'sata0:1.fileName', 'D:\\VMs\\Büro\\server.vmdk'],
    ['chinese.vmx', 'nvme0:0.FILENAME', 'Ubuntu 64 位.vmdk'],
    ['korean.vmx', 'displayName', '우분투 서버'],
    ['by-hand.vmx', 'config.version', '8'],
    ['by-hand.vmx', 'virtualHW.version', '13'],
    ['by-hand.vmx', 'guestOS', 'other3xlinux-64'],
    ['by-hand.vmx', 'displayName', 'first | name'],
    ['by-hand.vmx', 'annotation', '||22 and |2|22'],
    ['by-hand.vmx', 'empty', ''],
    ['by-hand.vmx', 'unterminated', undefined],
  ])('%s: %s is %j', (file, key, value) => {
    expect(vmxFixture(file).get(key)).toBe(value)
  })

  test('duplicates and malformed lines are told', () => {
    expect(vmxFixture('by-hand.vmx').duplicates()).toEqual(['displayName'])
    expect(vmxFixture('by-hand.vmx').malformedLines()).toEqual([11, 14, 17])
    expect(vmxFixture('workstation.vmx').duplicates()).toEqual([])
  })

  test('an edit of a by-hand file touches its own lines only', () => {
    const before = toByteText(vmxBytes('by-hand.vmx'))
    const after = vmxFixture('by-hand.vmx').set('scsi0:0.FileName', 'new.vmdk').set('DisplayName', 'new')
    expect(toByteText(after.bytes())).toBe(
      before
        .replace('scsi0:0.filename = disk.vmdk', 'scsi0:0.filename = new.vmdk')
        .replace('displayName = "first |7C name"', 'displayName = "new"')
        .replace('DISPLAYNAME = "second"\n', ''),
    )
  })
})

describe('encodings', () => {
  test('a value is written in the encoding that the file states', () => {
    const after = vmxFixture('chinese.vmx').set('displayName', '节点一')
    expect(toByteText(after.bytes())).toContain('displayName = "\xbd\xda\xb5\xe3\xd2\xbb"\r\n')
    expect(after.get('nvme0:0.fileName')).toBe('Ubuntu 64 位.vmdk')
    const korean = vmxFixture('korean.vmx').set('displayName', '노드')
    expect(VmxDocument.parse(korean.bytes(), 'x').get('displayName')).toBe('노드')
  })

  test('GBK that happens to be valid UTF-8 is read as GBK', () => {
    expect(vmxOf('.encoding = "GBK"\na = "\xce\xbb"\n').get('a')).toBe('位')
  })

  test.each([
    ['windows-1252', '位'],
    ['GBK', '😀'],
    ['UTF-8', '\ud800'],
  ])('%s does not hold %j', (encoding, value) => {
    const vmx = vmxOf(`.encoding = "${encoding}"\n`)
    expect(() => vmx.set('displayName', value)).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE', exit: 2 }),
    )
  })

  test('an unknown encoding serves as long as all is ASCII', () => {
    const vmx = vmxOf('.encoding = "klingon"\na = "b"\nc = "\xe9"\n')
    expect(vmx.get('a')).toBe('b')
    expect(toByteText(vmx.set('a', 'x').bytes())).toBe('.encoding = "klingon"\na = "x"\nc = "\xe9"\n')
    const unknown = expect.objectContaining({ code: 'ENCODING_UNKNOWN', exit: 3 })
    expect(() => vmx.get('c')).toThrow(unknown)
    expect(() => vmx.set('a', 'é')).toThrow(unknown)
  })

  test('without .encoding it is UTF-8, and a file that is not takes ASCII only', () => {
    expect(vmxOf('a = "\xc3\xa9"\n').get('a')).toBe('é')
    const old = vmxOf('a = "\xe9"\n')
    expect(old.get('a')).toBe('\ufffd')
    expect(old.set('b', 'c').get('b')).toBe('c')
    expect(() => old.set('b', 'é')).toThrow(expect.objectContaining({ code: 'ENCODING_UNKNOWN' }))
  })

  test('a second byte that is a bar is written where it reads the same in any order, else refused', () => {
    const vmx = vmxOf('.encoding = "Shift_JIS"\n')
    const port = vmx.set('displayName', 'ポート')
    expect(toByteText(port.bytes())).toContain('displayName = "\x83\x7c\x81\x5b\x83\x67"')
    expect(port.get('displayName')).toBe('ポート')
    expect(() => vmx.set('displayName', 'ポ41')).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE' }),
    )
  })

  test.prop([
    fc.constantFrom('UTF-8', 'GBK', 'Shift_JIS', 'Big5', 'windows-949-2000', 'windows-1252'),
    fc.string({ unit: 'grapheme' }),
  ])('in %s what can be set is got back, also from disk', (encoding, value) => {
    const vmx = vmxOf(`.encoding = "${encoding}"\r\nx = "1"\r\n`)
    let after: VmxDocument
    try {
      after = vmx.set('displayName', value)
    } catch (error) {
      expect(error).toMatchObject({ code: 'VALUE_NOT_ENCODABLE' })
      return
    }
    expect(after.get('displayName')).toBe(value)
    expect(VmxDocument.parse(after.bytes(), 'x').get('displayName')).toBe(value)
    expect(after.set('displayName', value)).toBe(after)
  })
})

describe('what is not a .vmx', () => {
  test.each([
    ['a sparse disk', 'KDMV\x01'],
    ['an ESX disk', 'COWD\x01'],
    ['another byte order', 'VMDK'],
    ['a descriptor', '# Disk DescriptorFile\nversion=1\n'],
    ['NUL bytes', 'displayName = "a"\n\0\0\0\0'],
  ])('%s is refused', (_, text) => {
    expect(() => vmxOf(text)).toThrow(expect.objectContaining({ code: 'VMX_MALFORMED', exit: 2 }))
  })

  test('a huge file is refused', () => {
    expect(() => VmxDocument.parse(new Uint8Array(5_000_000).fill(32), 'big.vmx')).toThrow(/5000000 bytes/)
  })

  test('an empty .vmsd is well', () => {
    expect(vmxOf('').keys()).toEqual([])
  })
})

test.prop([fc.uint8Array({ maxLength: 300 }).map((bytes) => bytes.map((byte) => byte || 10))])(
  'arbitrary bytes without NUL are printed as they were',
  (bytes) => {
    expect(VmxDocument.parse(bytes, 'x').bytes()).toEqual(bytes)
  },
)
