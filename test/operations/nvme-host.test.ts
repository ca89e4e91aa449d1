import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { nvmeHost } from '../../src/operations/nvme-host.ts'
import { identityOf, type Outcome, run, surveyOf } from '../support/clone.ts'

const OLD = '11111111-2222-3333-4444-555555555555'
const NQN = '/etc/nvme/hostnqn'
const ID = '/etc/nvme/hostid'
const nqn = (uuid: string) => `nqn.2014-08.org.nvmexpress:uuid:${uuid}`

function plan(files: Readonly<Record<string, string>>, digit = 'b'): Outcome {
  const machineId = { policy: 'set', value: digit.repeat(32) } as const
  const nodes = Object.entries(files).map(([path, text]) => guestFile(path, text))
  return run(surveyOf(nodes), identityOf(digit === '' ? {} : { machineId }), nvmeHost)
}

describe('nvme-host', () => {
  it('gives both files one new UUID, once', () => {
    const { text, after, notices } = plan({ [NQN]: `${nqn(OLD)}\n`, [ID]: OLD })
    const uuid = text(ID) ?? ''
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(text(NQN)).toBe(`${nqn(uuid)}\n`)
    expect(notices.map(({ code }) => code)).toEqual(['nvme-host-renamed'])
    const files = { [NQN]: after.guest.tree.text(NQN) ?? '', [ID]: uuid }
    expect(plan(files)).toMatchObject({ changes: [], notices: [] })
    expect(plan(files, 'c').text(ID)).not.toBe(uuid)
  })

  it('brings together a pair that did not agree', () => {
    const { text } = plan({ [NQN]: nqn(OLD.replaceAll('1', 'A')), [ID]: `${OLD}\n` })
    expect(text(NQN)).toBe(nqn((text(ID) ?? '').trim()))
  })

  it('follows in the connection settings', () => {
    const config = '/etc/nvme/config.json'
    const json = (uuid: string) => `[{ "hostnqn": "${nqn(uuid)}", "hostid": "${uuid}" }]\n`
    const { text } = plan({ [NQN]: nqn(OLD), [ID]: OLD, [config]: json(OLD) })
    expect(text(config)).toBe(json(text(ID) ?? ''))
  })

  it.each([
    [{}, []],
    [{ [NQN]: '', [ID]: '\n' }, []],
    [{ [ID]: 'no uuid' }, []],
    [{ [NQN]: 'nqn.2020-01.com.example:tpl', [ID]: OLD }, ['storage-name-left']],
  ])('leaves %j', (files, codes) => {
    const { changes, notices } = plan(files)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], codes])
  })

  it('does nothing where nothing new is asked for', () => {
    expect(plan({ [NQN]: nqn(OLD), [ID]: OLD }, '').changes).toEqual([])
  })
})
