import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { HostsDocument, type HostsEdit } from '../../src/formats/hosts.ts'

const piece = fc.constantFrom(
  '127.0.0.1',
  '10.0.0.5',
  'web',
  'web.lan',
  ' ',
  '\t',
  '   ',
  '#',
  '\n',
  '\r\n',
  '\xe9',
)
const text = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''))

function at(doc: HostsDocument, index: number, edit: HostsEdit): HostsDocument {
  return doc.edit((line) => (line.index === index ? edit : undefined))
}

describe('hosts', () => {
  test.prop([fc.uint8Array()])('keeps every byte', (bytes) => {
    expect(fromByteText(HostsDocument.parse(toByteText(bytes)).print())).toEqual(bytes)
  })

  test.prop([text])('reads addresses and names, comments left out', (source) => {
    for (const { index, address, names } of HostsDocument.parse(source).entries()) {
      const line = source.split('\n')[index] ?? ''
      const [code = ''] = line.split('#')
      expect(code.trim().split(/\s+/)).toEqual([address, ...names])
    }
  })

  test.prop([text])('an edit to what is there already is none', (source) => {
    const doc = HostsDocument.parse(source)
    for (const { index, address } of doc.entries()) {
      expect(at(doc, index, { address }).print()).toBe(source)
      expect(at(doc, index, { rename: (name) => name }).print()).toBe(source)
      expect(at(doc, index, { add: [] }).print()).toBe(source)
    }
  })

  test.prop([text])('a new address changes that line’s first word and no other', (source) => {
    const doc = HostsDocument.parse(source)
    for (const { index, names } of doc.entries()) {
      const next = at(doc, index, { address: '192.168.100.200' })
      expect(next.entries().find((line) => line.index === index)).toEqual({
        index,
        address: '192.168.100.200',
        names,
      })
      const others = (all: string): string[] => all.split('\n').filter((_, i) => i !== index)
      expect(others(next.print())).toEqual(others(source))
    }
  })

  it.each([
    ['10.0.0.5\tweb # x\n', '10.10.10.10\tweb # x\n'],
    ['10.0.0.5     web\n', '10.10.10.10  web\n'],
    ['10.0.0.5  web\n', '10.10.10.10 web\n'],
    ['10.0.0.5 web\r\n', '10.10.10.10 web\r\n'],
    ['  10.0.0.5\t  web', '  10.10.10.10\t  web'],
  ])('keeps spacing where it can: %j', (before, after) => {
    expect(at(HostsDocument.parse(before), 0, { address: '10.10.10.10' }).print()).toBe(after)
  })

  it('takes a name out with the blanks before it', () => {
    const doc = HostsDocument.parse('127.0.0.1 localhost web  web.lan\t# own\n')
    expect(at(doc, 0, { rename: (name) => (name.startsWith('web') ? undefined : name) }).print()).toBe(
      '127.0.0.1 localhost\t# own\n',
    )
  })

  it.each([
    ['', '10.0.0.9\tdb\n'],
    ['127.0.0.1 localhost', '127.0.0.1 localhost\n10.0.0.9 db\n'],
    ['127.0.0.1   localhost\r\n', '127.0.0.1   localhost\r\n10.0.0.9    db\r\n'],
    ['# c\n127.0.0.1\tlocalhost\n', '# c\n127.0.0.1\tlocalhost\n10.0.0.9\tdb\n'],
  ])('adds a line in the style of the file: %j', (before, after) => {
    expect(HostsDocument.parse(before).insert('10.0.0.9', ['db']).print()).toBe(after)
  })

  it('adds names before the comment', () => {
    expect(at(HostsDocument.parse('10.0.0.9\tdb\t# x\n'), 0, { add: ['sql'] }).print()).toBe(
      '10.0.0.9\tdb\tsql\t# x\n',
    )
  })
})
