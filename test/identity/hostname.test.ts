import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  autoHostname,
  hostLabel,
  hostnameFault,
  parseHostname,
  withDomain,
} from '../../src/identity/hostname.ts'

describe('parseHostname', () => {
  it.each([
    ['web', { short: 'web' }],
    ['Web1.Example.COM', { short: 'web1', fqdn: 'web1.example.com' }],
    ['a'.repeat(63), { short: 'a'.repeat(63) }],
    ['3com', { short: '3com' }],
  ])('accepts %s', (text, hostname) => {
    expect(parseHostname(text)).toEqual(hostname)
  })

  it.each([
    ['', 'empty'],
    ['web.', 'ends in a dot'],
    ['web..lan', 'empty label'],
    ['.web', 'empty label'],
    ['my_host', 'underscore'],
    ['-web', '"-"'],
    ['web-', '"-"'],
    ['wéb', 'character'],
    ['we b', 'character'],
    ['web\n', 'character'],
    ['a'.repeat(64), 'limit is 63'],
    [`${'a'.repeat(30)}.${'b'.repeat(34)}`, 'at most 64'],
    ['192.168.8.12', 'address'],
    ['12', 'address'],
    ['localhost', 'every machine'],
    ['localhost.localdomain', 'every machine'],
  ])('refuses %j', (text, fault) => {
    expect(() => parseHostname(text)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(fault) }),
    )
  })

  it('proposes a name that would do', () => {
    expect(() => parseHostname('My_Host.lan')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('--hostname my-host') }),
    )
  })
})

describe('autoHostname', () => {
  it.each([
    ['Clone of Ubuntu 64-bit', 'clone-of-ubuntu-64-bit'],
    ['web_01', 'web-01'],
    ['Größe Ærø', 'grosse-aero'],
    ['Café (2)', 'cafe-2'],
    ['ﬁle①', 'file1'],
    ['克隆 node3', 'node3'],
    ['2024', 'vm-2024'],
    ['a.b', 'a-b'],
    ['--x--', 'x'],
    [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
  ])('makes a label of %s', (name, short) => {
    expect(autoHostname(name)).toEqual({ short })
  })

  it.each(['克隆', '---', '', 'localhost'])('refuses %j and names the option', (name) => {
    expect(() => autoHostname(name)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', hint: expect.stringContaining('--hostname') }),
    )
  })

  test.prop([fc.string({ unit: 'binary' })])('makes a valid label or none of any text', (text) => {
    const label = hostLabel(text)
    expect(label === undefined || hostnameFault(label) === undefined).toBe(true)
    expect(label?.includes('.')).not.toBe(true)
  })
})

describe('withDomain', () => {
  it.each([
    [{ short: 'b' }, { short: 'a', fqdn: 'a.x.org' }, { short: 'b', fqdn: 'b.x.org' }],
    [
      { short: 'b', fqdn: 'b.y' },
      { short: 'a', fqdn: 'a.x.org' },
      { short: 'b', fqdn: 'b.y' },
    ],
    [{ short: 'b' }, { short: 'a' }, { short: 'b' }],
    [{ short: 'b' }, undefined, { short: 'b' }],
    [{ short: 'b'.repeat(60) }, { short: 'a', fqdn: 'a.example' }, { short: 'b'.repeat(60) }],
  ])('%j after %j is %j', (name, present, next) => {
    expect(withDomain(name, present)).toEqual(next)
  })
})
