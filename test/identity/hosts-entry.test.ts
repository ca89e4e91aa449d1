import { describe, expect, it } from 'vitest'
import { parseHostsEntry, parseHostsFile } from '../../src/identity/hosts-entry.ts'

describe('parseHostsEntry', () => {
  it.each([
    ['192.168.8.11 node1', { address: '192.168.8.11', names: ['node1'] }],
    [' fe80::1\tNode1  node1.lan node1 ', { address: 'fe80::1', names: ['node1', 'node1.lan'] }],
  ])('reads %j', (text, entry) => {
    expect(parseHostsEntry(text)).toEqual(entry)
  })

  it.each([
    ['node1 192.168.8.11', 'no IP address'],
    ['192.168.8.11', 'no name'],
    ['192.168.8.256 a', 'no IP address'],
    ['fe80::1%eth0 a', 'zone'],
    ['10.0.0.1 a_b', 'underscore'],
    ['10.0.0.1 a #b', 'character'],
    ['10.0.0.1 localhost', 'every machine'],
  ])('refuses %j', (text, fault) => {
    expect(() => parseHostsEntry(text)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(fault) }),
    )
  })
})

describe('parseHostsFile', () => {
  it('reads entries, comments left out', () => {
    expect(parseHostsFile('\uFEFF# peers\r\n10.0.0.1\ta a.lan # one\r\n\r\n10.0.0.2 b', 'peers')).toEqual([
      { address: '10.0.0.1', names: ['a', 'a.lan'] },
      { address: '10.0.0.2', names: ['b'] },
    ])
  })

  it('passes over what a machine says of itself', () => {
    const own =
      '127.0.0.1 localhost\n127.0.1.1 my-pc\n::1 localhost\nff02::1 ip6-allnodes\nfe00::0 ip6-localnet\n'
    expect(parseHostsFile(`${own}10.0.0.1 a\n`, 'hosts')).toEqual([{ address: '10.0.0.1', names: ['a'] }])
  })

  it('names the line that is wrong', () => {
    expect(() => parseHostsFile('10.0.0.1 a\nb 10.0.0.2\n', 'peers')).toThrow(
      expect.objectContaining({
        code: 'BAD_OPTION',
        position: { file: 'peers', line: 2, text: 'b 10.0.0.2' },
      }),
    )
  })
})
