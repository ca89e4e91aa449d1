import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { lineFeedsIn } from '../../src/formats/line-feeds.ts'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { HostsEntry } from '../../src/identity/request.ts'
import { guestHostname } from '../../src/operations/guest-name.ts'
import { hosts } from '../../src/operations/hosts.ts'
import { identityOf, run, surveyOf } from '../support/clone.ts'

const BATCH: readonly HostsEntry[] = [
  { address: '10.0.0.1', names: ['node1.lan', 'node1'] },
  { address: '10.0.0.2', names: ['node2.lan', 'node2'] },
  { address: 'fd00::2', names: ['node2.lan', 'node2'] },
]
const LINES = '10.0.0.1\tnode1.lan node1\n10.0.0.2\tnode2.lan node2\nfd00::2\tnode2.lan node2\n'
const BEGIN = '# vmclone-fix batch: begin\n'
const END = '# vmclone-fix batch: end\n'
const BLOCK = BEGIN + LINES + END
const LOCAL = '127.0.0.1 localhost\n'
/** A guest whose own name is none of the batch's. */
const OTHER = { hostname: { short: 'other' } }

function edit(text: string, more: Partial<Identity> = {}, name = 'other'): string {
  const survey = surveyOf([
    guestFile('/etc/hosts', text),
    guestFile('/etc/hostname', `${name}\n`),
    guestFile('/etc/nsswitch.conf', 'hosts: files myhostname\n'),
  ])
  const guest = run(survey, identityOf({ ...OTHER, hostsBlock: BATCH, ...more }), hosts)
  const { content = new Uint8Array() } = guest.after.guest.tree.file('/etc/hosts') ?? {}
  expect(lineFeedsIn(content)).toBe(content.filter((byte) => byte === 10).length)
  return guest.text('/etc/hosts') ?? ''
}

describe('the block of a batch', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['stands at the end', LOCAL, LOCAL + BLOCK],
    ['ends the last line first', '127.0.0.1 localhost', LOCAL + BLOCK],
    ['stands alone in an empty file', '', BLOCK],
    ['has the file’s line ends', '127.0.0.1 localhost\r\n', (LOCAL + BLOCK).replaceAll('\n', '\r\n')],
    [
      'replaces an earlier one where it stands',
      `${LOCAL}${BEGIN}10.9.9.9 x\n${END}# mine\n`,
      `${LOCAL}${BLOCK}# mine\n`,
    ],
    ['replaces several', `${BEGIN}${END}${LOCAL}${BEGIN}10.9.9.9 x\n${END}`, BLOCK + LOCAL],
    ['replaces an empty one without a last line end', `${LOCAL}${BEGIN}${END.trimEnd()}`, LOCAL + BLOCK],
    [
      'leaves the lines of one without its end',
      `${LOCAL}${BEGIN}10.9.9.9 mine\n`,
      `${LOCAL}10.9.9.9 mine\n${BLOCK}`,
    ],
    [
      'leaves the lines of one without its begin',
      `${LOCAL}10.9.9.9 mine\n${END}`,
      `${LOCAL}10.9.9.9 mine\n${BLOCK}`,
    ],
    ['leaves the lines between two begins', `${BEGIN}10.9.9.9 mine\n${BLOCK}`, `10.9.9.9 mine\n${BLOCK}`],
    [
      'moves a line that speaks of one of its machines',
      `10.9.9.9\tnode2 db # ours\n`,
      `10.0.0.2\tnode2 db # ours\n${BLOCK}`,
    ],
    ['takes its name off the line of another machine', '10.9.9.9 gate node2\n', `10.9.9.9 gate\n${BLOCK}`],
    ['leaves lines that say the same', '10.0.0.2 node2\n', `10.0.0.2 node2\n${BLOCK}`],
    ['leaves loopback lines', '127.0.0.1 localhost node2\n', `127.0.0.1 localhost node2\n${BLOCK}`],
    ['leaves lines of the other family', 'fd00::9 node1\n', `fd00::9 node1\n${BLOCK}`],
  ]

  test.each(CASES)('%s', (_, before, after) => {
    expect(edit(before)).toBe(after)
    expect(edit(after)).toBe(after)
  })

  test('leaves out what a line of its own family says of the clone already', () => {
    const own = { hostname: { short: 'node2', fqdn: 'node2.lan' } }
    expect(edit('127.0.1.1 tpl\n', own, 'tpl')).toBe(
      `127.0.1.1 node2.lan node2\n${BEGIN}10.0.0.1\tnode1.lan node1\nfd00::2\tnode2.lan node2\n${END}`,
    )
    expect(edit(LOCAL, own, 'tpl')).toBe(LOCAL + BLOCK)
  })

  test('is gone where no clone has an address, and untouched where no batch asks', () => {
    expect(edit(LOCAL + BLOCK, { hostsBlock: [] })).toBe(LOCAL)
    const survey = surveyOf([guestFile('/etc/hosts', LOCAL + BLOCK)])
    expect(run(survey, identityOf({}), hosts).changes).toEqual([])
  })

  const line = fc.oneof(
    fc.constantFrom(
      '',
      '# mine',
      '127.0.0.1 localhost',
      '10.9.9.9 gate node2',
      '10.8.8.8 node1 a',
      'fd00::5 node1 node1.lan',
      '127.0.1.1 tpl.lan tpl',
      '10.0.0.7 x # y',
      BEGIN.trim(),
      END.trim(),
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
  )
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, end, last]) => lines.join(end) + (last && lines.length > 0 ? end : ''))

  property.prop([text])('stays as it is in a second run', (before) => {
    const once = edit(before)
    expect(edit(once)).toBe(once)
  })

  const plain = fc.array(
    fc.constantFrom('', '# mine', '127.0.0.1 localhost', '10.9.9.9 gate # x', ' \t10.0.0.7  x'),
    { maxLength: 8 },
  )

  property.prop([plain, plain])('keeps every byte around it', (above, below) => {
    const join = (lines: readonly string[]) => lines.map((one) => `${one}\n`).join('')
    const old = `${BEGIN}10.9.9.1 node1\n${END}`
    expect(edit(join(above) + old + join(below))).toBe(join(above) + BLOCK + join(below))
    expect(edit(join(above))).toBe(join(above) + BLOCK)
  })

  property.prop([text, fc.constantFrom('node1', 'node2', 'other')])(
    'gives the clone the same name as the file would that is read back',
    (before, short) => {
      const survey = surveyOf([guestFile('/etc/hosts', before), guestFile('/etc/hostname', 'tpl\n')])
      const { tree } = run(survey, identityOf({ hostname: { short }, hostsBlock: BATCH }), hosts).after.guest
      const own = (hostsFile: string) =>
        guestHostname(
          new GuestTree([guestFile('/etc/hosts', hostsFile), guestFile('/etc/hostname', `${short}\n`)]),
        )
      const named = tree.with([
        {
          at: 'guest',
          kind: 'write',
          path: '/etc/hostname',
          operation: '',
          summary: '',
          after: Buffer.from(short),
        },
      ])
      expect(guestHostname(named)).toEqual(own(tree.text('/etc/hosts') ?? ''))
    },
  )
})
