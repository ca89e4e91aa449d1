import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { iscsiInitiator } from '../../src/operations/iscsi-initiator.ts'
import { identityOf, nicOf, type Outcome, run, surveyOf } from '../support/clone.ts'

const FILE = '/etc/iscsi/initiatorname.iscsi'
const HEADER =
  '## DO NOT EDIT OR REMOVE THIS FILE!\n## If you remove this file, the iSCSI daemon will not start.\n'
const id = (digit: string) => ({ machineId: { policy: 'set', value: digit.repeat(32) } }) as const

function plan(text: string, more: Partial<Identity> = id('b')): Outcome {
  const nodes = [guestFile('/etc/hostname', 'tpl\n'), guestFile('/etc/hosts', '127.0.1.1 tpl.lan tpl\n')]
  return run(surveyOf([...nodes, guestFile(FILE, text, { mode: 0o600 })]), identityOf(more), iscsiInitiator)
}

const edited = (text: string, more?: Partial<Identity>) => plan(text, more).text(FILE)

describe('iscsi-initiator', () => {
  it.each([
    ['iqn.1994-05.com.redhat:abc123', /^iqn\.1994-05\.com\.redhat:[0-9a-f]{12}$/],
    ['iqn.1993-08.org.debian:01:5f2a', /^iqn\.1993-08\.org\.debian:01:[0-9a-f]{12}$/],
    ['iqn.2004-10.com.example', /^iqn\.2004-10\.com\.example:[0-9a-f]{12}$/],
  ])('replaces what comes last in %s, and keeps the rest of the file', (name, pattern) => {
    const { text, notices } = plan(`${HEADER}#InitiatorName=${name}\nInitiatorName=${name}\n`)
    const [before, given = ''] = (text(FILE) ?? '').split('\nInitiatorName=')
    expect(before).toBe(`${HEADER}#InitiatorName=${name}`)
    expect(given.trimEnd()).toMatch(pattern)
    expect(given.trimEnd()).not.toBe(name)
    expect(notices.map(({ code }) => code)).toEqual(['iscsi-renamed'])
  })

  it('follows the host name where the name ends in it', () => {
    const hostname = { short: 'web' }
    const text = 'InitiatorName=iqn.2004-10.com.example:tpl.lan\n'
    const once = edited(text, { ...id('b'), hostname }) ?? ''
    expect(once).toBe('InitiatorName=iqn.2004-10.com.example:web.lan\n')
    const renamed = surveyOf([guestFile('/etc/hostname', 'web.lan\n'), guestFile(FILE, once)])
    expect(run(renamed, identityOf({ ...id('b'), hostname }), iscsiInitiator).changes).toEqual([])
  })

  it('gives each clone another name, from whatever is its own', () => {
    const text = 'InitiatorName=iqn.a:1\n'
    const nics = [nicOf({ mac: { policy: 'set', address: '00:50:56:00:00:01' } })]
    const uuid = { policy: 'set', value: '564d0000-0000-0000-0000-000000000001' } as const
    const names = [edited(text), edited(text, id('c')), edited(text, { nics }), edited(text, { uuid })]
    expect(new Set([...names, text]).size).toBe(5)
  })

  it.each([
    ['GenerateName=yes\n', id('b'), []],
    ['', id('b'), []],
    ['InitiatorName=iqn.a:1\n', {}, []],
    ['InitiatorName=eui.02004567A425678D\n', id('b'), ['storage-name-left']],
  ])('leaves %j', (text, more, codes) => {
    const { changes, notices } = plan(text, more)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], codes])
  })

  const part = fc.constantFrom(
    'InitiatorName=',
    'iqn.',
    'tpl',
    ':',
    'a',
    ' ',
    '\n',
    '\r',
    '#',
    '\xff',
    'eui.',
  )
  test.prop([fc.array(part).map((parts) => parts.join(''))])('twice is once, and no line goes', (text) => {
    const once = edited(text) ?? ''
    expect(edited(once)).toBe(once)
    expect(once.split('\n').length).toBe(text.split('\n').length)
  })
})
