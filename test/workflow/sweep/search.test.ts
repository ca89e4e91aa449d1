import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import type { CardNic, IdentityCard } from '../../../src/workflow/report.ts'
import { oldStorageIds, oldValues } from '../../../src/workflow/sweep/old-values.ts'
import { searchTree } from '../../../src/workflow/sweep/search.ts'

const nic = (more: Partial<CardNic>): CardNic => ({ device: 'ethernet0', dns: [], ...more })
const WAS: IdentityCard = {
  hostname: 'web1.example.com',
  uuid: '564def2d-3fd4-14e2-2e04-c5343aecee65',
  machineId: '0123456789abcdef0123456789abcdef',
  nics: [nic({ mac: '00:0c:29:3a:5b:7c', ipv4: '192.168.8.1/24', ipv6: 'fd00::5/64' })],
  sshHostKeys: [],
}
const IS: IdentityCard = {
  hostname: 'web2.example.com',
  uuid: '564daaaa-bbbb-cccc-dddd-eeeeffff0000',
  machineId: 'fedcba9876543210fedcba9876543210',
  nics: [nic({ mac: '00:50:56:01:02:03', ipv4: '192.168.8.2/24', ipv6: 'fd00::6/64' })],
  sshHostKeys: [],
}

function search(text: string, more = {}) {
  const tree = new GuestTree([guestFile('/etc/app.conf', text, more)])
  return searchTree(tree, ['/etc'], oldValues(WAS, IS))
}

test('ids that a disk had are found in a comment, and that of an MBR in its partitions’', () => {
  const id = { kind: 'id', operation: 'x', summary: 'x', after: 'new' } as const
  const uuid = '3b0a09e5-8a3d-430a-82b1-3db6b02aae21'
  const group = 'rl0aXY-uDb9-ImCT-ZQQL-B1ZB-iuhO-NCnrYd'
  const values = oldStorageIds([
    { ...id, at: 'storage', path: '/dev/sda1', bearer: 'filesystem', format: 'ext4', before: uuid },
    { ...id, at: 'storage', path: '/dev/sda', bearer: 'partition-table', format: 'dos', before: 'ad2e8555' },
    { ...id, at: 'storage', path: '/dev/vg', bearer: 'volume-group', format: 'lvm2', before: group },
  ])
  const text = `# UUID=${uuid}\nPARTUUID=AD2E8555-01 /\nad2e85551 0${uuid}\nVGID=${group.replaceAll('-', '')}\n`
  const { leftovers } = searchTree(new GuestTree([guestFile('/etc/fstab', text)]), ['/etc'], values)
  expect(leftovers.map(({ line, what, value }) => [line, what, value])).toEqual([
    [1, 'storage-id', uuid],
    [2, 'storage-id', 'ad2e8555'],
    [4, 'storage-id', group],
  ])
})

const named = (line: string) => search(line).leftovers.map(({ what, value }) => `${what} ${value}`)

describe('a line names the old machine', () => {
  test.each([
    ['listen 192.168.8.1:80', ['ipv4 192.168.8.1']],
    ['# was 192.168.8.1.', ['ipv4 192.168.8.1']],
    ['::ffff:192.168.8.1', ['ipv4 192.168.8.1']],
    ['allow 192.168.8.1/32', ['ipv4 192.168.8.1']],
    ['listen [FD00::5]:80', ['ipv6 fd00::5']],
    ['fd00:0:0:0:0:0:0:5', ['ipv6 fd00::5']],
    ['fd00:0000:0000:0000:0000:0000:0000:0005/64', ['ipv6 fd00::5']],
    ['HWADDR=00:0C:29:3A:5B:7C', ['mac 00:0c:29:3a:5b:7c']],
    ['BOOTIF=01-00-0c-29-3a-5b-7c', ['mac 00:0c:29:3a:5b:7c']],
    ['000c.293a.5b7c', ['mac 00:0c:29:3a:5b:7c']],
    ['iface enx000c293a5b7c', ['mac 00:0c:29:3a:5b:7c']],
    ['DUID 00:01:00:01:2a:2b:2c:2d:00:0c:29:3a:5b:7c', ['mac 00:0c:29:3a:5b:7c']],
    ['Server=WEB1', ['hostname web1']],
    ['root@web1:/srv', ['hostname web1']],
    ['web1.conf', ['hostname web1']],
    ['http://web1.example.com/', ['hostname web1.example.com']],
    ['web1.example.com. web1', ['hostname web1.example.com', 'hostname web1']],
    ['web1.other.org', ['hostname web1']],
    ['web1.example.com.au', ['hostname web1']],
    ['id=0123456789ABCDEF0123456789abcdef', ['machine-id 0123456789abcdef0123456789abcdef']],
    ['01234567-89ab-cdef-0123-456789abcdef', ['machine-id 0123456789abcdef0123456789abcdef']],
    ['564DEF2D-3FD4-14E2-2E04-C5343AECEE65', ['uuid 564def2d-3fd4-14e2-2e04-c5343aecee65']],
    ['2def4d56-d43f-e214-2e04-c5343aecee65', ['uuid 564def2d-3fd4-14e2-2e04-c5343aecee65']],
    ['VMware-56 4d ef 2d 3f d4 14 e2-2e 04 c5 34 3a ec ee 65', ['uuid 564def2d-3fd4-14e2-2e04-c5343aecee65']],
  ])('%s', (line, expected) => {
    expect(named(line)).toEqual(expected)
  })

  test.each([
    '192.168.8.12',
    '1192.168.8.1',
    '10.192.168.8.1',
    '192.168.8.1.5',
    'fd00::5:1',
    'fd00::51',
    '2001:fd00::5',
    '00:0c:29:3a:5b:7c:11:22',
    'a000c293a5b7c',
    'web10',
    'web1-old',
    'my-web1',
    'cobweb1',
    'mail.web1',
    'www.web1.example.com',
    'web1é',
    '00123456789abcdef0123456789abcdef',
  ])('but not: %s', (line) => {
    expect(named(Buffer.from(line).toString('latin1'))).toEqual([])
  })

  test('whatever stands around it, and only as a whole token', () => {
    const part = fc.constantFrom(...'aZ09-_.:/ "=,\t')
    fc.assert(
      fc.property(part, part, (before, after) => {
        const whole = !/[a-zA-Z0-9-]/.test(before + after)
        expect(named(` ${before}web1${after} `)).toEqual(whole ? ['hostname web1'] : [])
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (last) => {
        expect(named(`a 192.168.8.${last} b`)).toEqual(last === 1 ? ['ipv4 192.168.8.1'] : [])
      }),
    )
  })
})

describe('what the clone keeps', () => {
  test('is not looked for', () => {
    expect(oldValues(WAS, WAS)).toEqual([])
    const swapped = { ...IS, nics: [nic({ ...IS.nics[0], ipv4: 'dhcp', gateway: '192.168.8.1' })] }
    expect(oldValues(WAS, swapped).map(({ what }) => what)).not.toContain('ipv4')
    const moved = oldValues(WAS, { ...WAS, hostname: 'web1.example.org' })
    expect(moved.map(({ value }) => value)).toEqual(['web1.example.com'])
  })

  test('is not what goes without another in its place', () => {
    const { machineId: _, hostname: _name, ...rest } = IS
    const gone = oldValues(WAS, { ...rest, nics: [nic({ ipv4: 'dhcp' })] }).map(({ what }) => what)
    expect(gone).toEqual(['ipv4', 'ipv6', 'mac', 'hostname', 'hostname', 'machine-id', 'uuid'])
  })

  test('no address and no id is none', () => {
    const was = { ...WAS, machineId: 'uninitialized', nics: [nic({ ipv4: 'dhcp' })] }
    expect(oldValues(was, { ...IS, hostname: was.hostname as string, uuid: was.uuid as string })).toEqual([])
  })
})

describe('a search', () => {
  test('gives file, line and the line itself', () => {
    expect(search('first\n\r\n  see web1 \r\n').leftovers).toEqual([
      { path: '/etc/app.conf', line: 3, what: 'hostname', value: 'web1', text: 'see web1' },
    ])
  })

  test.each([
    ['password = web1', {}],
    ['url = http://me:secret@web1/', {}],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nweb1', {}],
    ['see web1', { mode: 0o600 }],
  ])('does not give a line that may hold a secret: %s', (text, more) => {
    const { leftovers } = search(text, more)
    expect(leftovers).toHaveLength(1)
    expect(leftovers[0]).not.toHaveProperty('text')
  })

  test('cuts what is long and shows no controls', () => {
    expect(search(`web1 ${'x'.repeat(500)}`).leftovers[0]?.text).toHaveLength(201)
    expect(search(`${'x'.repeat(500)} root@web1 \n`).leftovers[0]?.text).toBe(`…${'x'.repeat(190)} root@web1`)
    const far = search(`\t${'x'.repeat(300)} web1 ${'y'.repeat(300)}`).leftovers[0]?.text
    expect(far).toMatch(/^…x+ web1 y+…$/)
    expect(far).toHaveLength(202)
    expect(search('web1 \x1b[2J').leftovers[0]?.text).toBe('web1 ␛[2J')
  })

  test('skips binary files and says those that hold an old value', () => {
    expect(search('\0 web1 \0')).toEqual({
      leftovers: [],
      more: 0,
      skipped: [{ path: '/etc/app.conf', why: 'binary' }],
    })
    expect(search('\0 web10').skipped).toEqual([])
  })

  test('lists a hundred lines of a value and counts the rest', () => {
    const { leftovers, more } = search(`${'web1\n'.repeat(250)}192.168.8.1\n`)
    expect([leftovers.length, more]).toEqual([101, 150])
  })

  test('stays at its places', () => {
    const tree = new GuestTree(['/etc/a', '/etcetera', '/opt/a'].map((path) => guestFile(path, 'web1')))
    const paths = (places: string[]) =>
      searchTree(tree, places, oldValues(WAS, IS)).leftovers.map(({ path }) => path)
    expect(paths(['/etc'])).toEqual(['/etc/a'])
    expect(paths(['/opt/a'])).toEqual(['/opt/a'])
    expect(paths(['/'])).toEqual(['/etc/a', '/etcetera', '/opt/a'])
  })
})
