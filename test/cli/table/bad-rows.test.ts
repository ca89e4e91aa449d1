import { expect, test } from 'vitest'
import { table } from './table.ts'

/** What a table holds; the line, column and message of its only fault. */
const BAD: readonly (readonly [
  kind: string,
  text: string,
  line: number,
  column: string | undefined,
  message: string,
])[] = [
  ['an empty table', '', 1, undefined, 'the table is empty'],
  ['comments only', '# name,ip\n\n#\n', 1, undefined, 'the table is empty'],
  ['a header alone', '\nname,ip\n', 2, undefined, 'the table has a header and no rows'],
  ['no header', 'node1,10.0.0.5\n', 1, undefined, 'the header has no column "name"'],
  ['an unknown column', 'name,gatway\na,\n', 1, 'gatway', 'there is no such column'],
  ['a column twice', 'name,ip,IP\na,10.0.0.5,\n', 1, 'ip', 'stands in the header twice'],
  ['an unknown part of a card', 'name,nic1.ipp\na,10.0.0.5\n', 1, 'nic1.ipp', 'there is no such column'],
  ['no name', 'name,ip\n,10.0.0.5\n', 2, 'name', 'the row has no name'],
  [
    'a path for a name',
    'name\n../a\n',
    2,
    'name',
    '"../a" holds "/", which no file name can have on every host',
  ],
  ['a hidden name', 'name\n.a\n', 2, 'name', '".a" begins with "."'],
  ['a name like an option', 'name\n-a\n', 2, 'name', '"-a" begins with "-"'],
  ['a name on two lines', 'name\nok\n"a\nb"\n', 3, 'name', '"a\nb" holds a character that cannot be seen'],
  [
    'an endless name',
    `name\n${'a'.repeat(201)}\n`,
    2,
    'name',
    `"${'a'.repeat(201)}" has 201 bytes; the limit is 200`,
  ],
  ['a name of a device', 'name\nAUX\n', 2, 'name', '"AUX" is the name of a device on Windows'],
  ['a name without letters', 'name\n東京\n', 2, 'name', 'no host name can be made of "東京"'],
  ['a bad address', 'name,ip\na,10.0.0.256\n', 2, 'ip', '"10.0.0.256" is no IPv4 address'],
  ['an address with zeros', 'name,ip\na,010.0.0.5\n', 2, 'ip', '"010.0.0.5" is no IPv4 address'],
  ['a bad prefix', 'name,ip,prefix\na,10.0.0.5,33\n', 2, 'prefix', '"33" is no prefix length'],
  [
    'a bad netmask',
    'name,netmask\na,255.0.255.0\n',
    2,
    'netmask',
    '"255.0.255.0" is no netmask: its ones must stand together at the front',
  ],
  [
    'prefixes that differ',
    'name,ip,netmask\na,10.0.0.5/8,255.255.0.0\n',
    2,
    'netmask',
    '/16 contradicts /8 of ip',
  ],
  ['a bad gateway', 'name,gateway\na,nowhere\n', 2, 'gateway', '"nowhere" is no IPv4 address'],
  ['a bad name server', 'name,dns\na,1.1.1.1;1.1.1\n', 2, 'dns', '"1.1.1" is no IP address'],
  [
    'a bad search domain',
    'name,search\na,lab_1\n',
    2,
    'search',
    'the domain "lab_1" has an underscore; letters, digits and "-" are allowed',
  ],
  [
    'a bad host name',
    'name,hostname\na,node_1\n',
    2,
    'hostname',
    'host name "node_1" has an underscore; letters, digits and "-" are allowed',
  ],
  ['a bad MAC', 'name,mac\na,00:50:56:00:00\n', 2, 'mac', '"00:50:56:00:00" is not a MAC address'],
  ['a bad UUID', 'name,uuid\na,564d\n', 2, 'uuid', '"564d" is not a UUID'],
  [
    'IPv6 without a prefix',
    'name,ip6\na,fd00::5\n',
    2,
    'ip6',
    '"fd00::5" is no IPv6 address with a prefix length',
  ],
  ['neither yes nor no', 'name,dhcp\na,maybe\n', 2, 'dhcp', '"maybe" is neither true nor false'],
  ['DHCP and an address', 'name,ip,dhcp\na,10.0.0.5,yes\n', 2, 'dhcp', 'contradicts ip'],
  [
    'a bad hosts entry',
    'name,hosts\na,10.0.0.300 x\n',
    2,
    'hosts',
    'hosts entry "10.0.0.300 x" starts with "10.0.0.300", which is no IP address',
  ],
  ['an unknown word', 'name,ssh-keys\na,old\n', 2, 'ssh-keys', '"old" is none of new, keep, delete'],
  ['a bad address of a card', 'name,nic1.ip\na,10.0.0\n', 2, 'nic1.ip', '"10.0.0" is no IPv4 address'],
  [
    'a card with DHCP and an address',
    'name,nic1.ip,nic1.dhcp\na,10.0.0.5,1\n',
    2,
    'nic1.ip',
    'ethernet1 has both dhcp and ip',
  ],
  [
    'too many cells',
    'name,dns\na,1.1.1.1,8.8.8.8\n',
    2,
    undefined,
    'cell 3, "8.8.8.8", has no column in the header',
  ],
  ['a quote inside a cell', 'name,ip\na"b,\nc,\n', 2, 'name', 'has a quote in the middle of a cell'],
  ['text behind a quote', 'name,ip\nc,\n"a"b,\n', 3, 'name', 'has text behind the quote that ends a cell'],
  ['an open quote', 'name,ip\nx,\na,"10.0.0.5\n\n', 3, 'ip', 'opens a quote that nothing closes'],
]

test.each(BAD)('%s', (_, text, line, column, message) => {
  expect(table(text).faults).toEqual([
    { line, ...(column === undefined ? {} : { column }), message, hint: expect.stringMatching(/\.$|\?$/) },
  ])
})

const BYTES: readonly (readonly [kind: string, bytes: Uint8Array, line: number, message: RegExp])[] = [
  ['UTF-16', Buffer.from('\ufeffname,ip\n', 'utf16le'), 1, /UTF-16/],
  ['UTF-16 without a mark', Buffer.from('name,ip\n', 'utf16le'), 1, /NUL bytes/],
  ['Latin-1', Buffer.from('name\na\r\nb\xfcro\n', 'latin1'), 3, /is not UTF-8/],
  ['a spreadsheet', Buffer.from('PK\x03\x04name', 'latin1'), 1, /spreadsheet file, not CSV/],
]

test.each(BYTES)('a table in %s is told as what it is', (_, bytes, line, message) => {
  expect(table(bytes).faults).toEqual([
    { line, message: expect.stringMatching(message), hint: expect.stringContaining('UTF-8') },
  ])
})

test('every fault of every row is told at once, by line, and rows are kept to be compared', () => {
  const text = 'name,ip,mac,gatway\na,1,2,\n,10.0.0.5,,\nb,10.0.0.6,,,,9\nc,10.0.0.7\nd,"x"y\ne,10.0.0.300\n'
  const { faults, rows } = table(text)
  expect(faults.map(({ line, column }) => [line, column])).toEqual([
    [1, 'gatway'],
    [2, 'ip'],
    [2, 'mac'],
    [3, 'name'],
    [4, undefined],
    [6, 'ip'],
    [7, 'ip'],
  ])
  expect(rows.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'e'])
})

test('options that are wrong by themselves are no fault of the table', () => {
  expect(() => table('name\na\nb\n', { ip: '10.0.0.5', dhcp: 'true' })).toThrow('--dhcp: contradicts --ip')
})
