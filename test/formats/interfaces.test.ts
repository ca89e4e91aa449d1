import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parseInterfaces, printInterfaces } from '../../src/formats/interfaces.ts'
import {
  addOption,
  addStanza,
  removeOptions,
  setHeaderWord,
  setOption,
} from '../../src/formats/interfaces-edit.ts'

const noise = fc
  .array(
    fc.constantFrom(
      'iface',
      ' ens33',
      ' inet',
      ' dhcp',
      ' static',
      '\n',
      '\r\n',
      '\\',
      '\\\n',
      '#',
      ' ',
      '\t',
      'auto',
      '\0',
      '\xa0',
      'address 10.0.0.5',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all).toString('latin1'))
const text = fc.oneof(noise, bytes)

const FILE = `# main
auto lo
iface lo inet loopback

allow-hotplug ens33
iface ens33 inet dhcp
\t# chosen by hand
\thwaddress ether 00:0c:29:00:00:01   # not a comment
\tup echo one \\
\t   two

source interfaces.d/*
`

describe('parse', () => {
  test.prop([text])('prints what it read, whatever it is', (x) => {
    expect(printInterfaces(parseInterfaces(x))).toBe(x)
  })

  test.prop([text])('every option belongs to one line', (x) => {
    const document = parseInterfaces(x)
    const indices = document.stanzas.flatMap((stanza) => stanza.options.map((option) => option.index))
    expect(new Set(indices).size).toBe(indices.length)
    for (const index of indices) expect(document.lines[index]?.word).not.toBe('')
  })

  it('finds stanzas, words and options', () => {
    const stanzas = parseInterfaces(FILE).stanzas
    expect(stanzas.map(({ keyword, words, line }) => [keyword, words.join(' '), line])).toEqual([
      ['auto', 'lo', 2],
      ['iface', 'lo inet loopback', 3],
      ['allow-hotplug', 'ens33', 5],
      ['iface', 'ens33 inet dhcp', 6],
      ['source', 'interfaces.d/*', 12],
    ])
    expect(stanzas[3]?.options.map(({ name, value }) => [name, value])).toEqual([
      ['hwaddress', 'ether 00:0c:29:00:00:01   # not a comment'],
      ['up', 'echo one \t   two'],
    ])
  })

  it('does not continue a comment', () => {
    expect(parseInterfaces('# a \\\nauto lo\n').stanzas).toHaveLength(1)
  })
})

describe('hostile files', () => {
  it.each([
    `iface a inet static\n x${' '.repeat(1e6)}y\n`,
    '\\\n'.repeat(5e5),
    '\n'.repeat(1e6),
    ' '.repeat(1e6),
  ])('are read and printed as they were (%#)', (text) => {
    const document = parseInterfaces(text)
    expect(printInterfaces(document) === text).toBe(true)
    if (text.startsWith('iface')) expect(printInterfaces(setOption(document, 0, 'x', '1'))).toMatch(/x +1$/m)
  })
})

describe('edit', () => {
  it('changes one word of the header', () => {
    const edited = setHeaderWord(parseInterfaces(FILE), 3, 2, 'static')
    expect(printInterfaces(edited)).toBe(FILE.replace('inet dhcp', 'inet static'))
  })

  it('inserts with the stanza’s own indent behind the header or an anchor', () => {
    const one = setOption(parseInterfaces(FILE), 3, 'address', '10.0.0.5/24')
    const two = setOption(one, 3, 'gateway', '10.0.0.1', ['address'])
    expect(printInterfaces(two)).toBe(
      FILE.replace('inet dhcp\n', 'inet dhcp\n\taddress 10.0.0.5/24\n\tgateway 10.0.0.1\n'),
    )
  })

  it('keeps gap, trailing blanks and CRLF around a value', () => {
    const edited = setOption(
      parseInterfaces('iface a inet static\r\n  address   10.0.0.5 \r\n'),
      0,
      'address',
      '10.0.0.6',
    )
    expect(printInterfaces(edited)).toBe('iface a inet static\r\n  address   10.0.0.6 \r\n')
  })

  it('rewrites a continued value as one line', () => {
    const edited = setOption(
      parseInterfaces('iface a inet static\n  address \\\n 10.0.0.5\n up x\n'),
      0,
      'address',
      '10.0.0.6',
    )
    expect(printInterfaces(edited)).toBe('iface a inet static\n  address 10.0.0.6\n up x\n')
  })

  it.each([
    ['iface a inet dhcp', 'iface a inet dhcp\n    gateway 1'],
    ['iface a inet dhcp\r\n', 'iface a inet dhcp\r\n    gateway 1\r\n'],
    ['iface a inet dhcp \\', 'iface a inet dhcp \\\n\n    gateway 1'],
  ])('inserts at the end of %j', (before, after) => {
    expect(printInterfaces(setOption(parseInterfaces(before), 0, 'gateway', '1'))).toBe(after)
  })

  it('removes repeated options, and takes _ for -', () => {
    const document = parseInterfaces('iface a inet static\n dns_nameservers 1\n dns-nameservers 2\n # 3\n')
    expect(printInterfaces(removeOptions(document, 0, ['dns-nameservers']))).toBe(
      'iface a inet static\n # 3\n',
    )
    expect(printInterfaces(setOption(document, 0, 'dns-nameservers', '9'))).toBe(
      'iface a inet static\n dns_nameservers 9\n # 3\n',
    )
  })

  it('adds a stanza behind another', () => {
    const document = parseInterfaces('iface a inet dhcp\n  up x\n\nauto b\n')
    expect(printInterfaces(addStanza(document, 0, 'iface a inet6 static', ['address fd00::5/64']))).toBe(
      'iface a inet dhcp\n  up x\n\niface a inet6 static\n  address fd00::5/64\n\nauto b\n',
    )
  })

  test.prop([text, text])('what was edited is what would be read of its bytes', (head, tail) => {
    const document = parseInterfaces(`${head}\n\niface net0 inet static\n${tail}`)
    const ordinal = document.stanzas.findIndex(({ words }) => words[0] === 'net0')
    const edits = [
      setHeaderWord(document, ordinal, 2, 'dhcp'),
      setOption(document, ordinal, 'address', '10.9.8.7/24'),
      addOption(document, ordinal, 'use', 'dhcp'),
      removeOptions(document, ordinal, ['address']),
      addStanza(document, ordinal, 'iface net0 inet6 static', ['address fd00::5/64']),
    ]
    for (const edited of edits) expect(edited).toEqual(parseInterfaces(printInterfaces(edited)))
  })

  test.prop([text, text])(
    'an option set is read back, and removing it again leaves the rest',
    (head, tail) => {
      const source = `${head}\n\niface net0 inet static\n${tail}`
      const document = parseInterfaces(source)
      const ordinal = document.stanzas.findIndex(({ words }) => words[0] === 'net0')
      const edited = setOption(document, ordinal, 'address', '10.9.8.7/24')
      const options = edited.stanzas[ordinal]?.options.filter(({ name }) => name === 'address')
      expect(options?.map(({ value }) => value)).toEqual(['10.9.8.7/24'])
      expect(printInterfaces(removeOptions(edited, ordinal, ['address']))).toBe(
        printInterfaces(removeOptions(document, ordinal, ['address'])),
      )
    },
  )
})
