import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { rows, table } from './table.ts'

const nic = (text: string, options = {}) => rows(text, options)[0]?.request.nics[0]

describe('a table', () => {
  test('gives a clone for each row, named and addressed by it', () => {
    expect(
      rows('name,ip,gateway,dns,mac,uuid\nNode1,192.168.8.12/24,192.168.8.2,"1.1.1.1, 8.8.8.8",keep,new\n'),
    ).toEqual([
      {
        name: 'Node1',
        line: 2,
        request: {
          name: 'Node1',
          hostname: 'node1',
          uuid: 'new',
          nics: [
            {
              ip: '192.168.8.12',
              prefix: 24,
              gateway: '192.168.8.2',
              dns: ['1.1.1.1', '8.8.8.8'],
              mac: 'keep',
            },
          ],
          hosts: [],
          enable: [],
          disable: [],
        },
      },
    ])
  })

  const PLAIN = 'name,ip,dns\na,10.0.0.5/8,1.1.1.1;8.8.8.8\nb,10.0.0.6/8,\n'
  const EXPORTS: readonly (readonly [string, string])[] = [
    ['a byte order mark', `\ufeff${PLAIN}`],
    ['CRLF', PLAIN.replaceAll('\n', '\r\n')],
    ['CR', PLAIN.replaceAll('\n', '\r')],
    ['semicolons', '"name";"ip";"dns"\na;10.0.0.5/8;"1.1.1.1;8.8.8.8"\nb;10.0.0.6/8;\n'],
    ['tabs', 'name\tip\tdns\na\t10.0.0.5/8\t1.1.1.1 8.8.8.8\nb\t10.0.0.6/8\t\n'],
    ['a blank before its first cell', ` ${PLAIN}`],
    ['no line end', PLAIN.trimEnd()],
    ['blanks around cells', 'name , ip, dns\n a ,10.0.0.5/8 , "1.1.1.1 , 8.8.8.8" \n b, 10.0.0.6/8, \n'],
    ['capitals in the header', PLAIN.replace('name,ip,dns', 'Name,IP,DNS')],
    ['rows that end early or late', 'name,ip,dns,,\na,10.0.0.5/8,"1.1.1.1,8.8.8.8",,,,\nb,10.0.0.6/8\n'],
    ['separators alone at its end', `${PLAIN},,\n,,\n\n\n`],
  ]

  test.each(EXPORTS)('may have %s', (_, text) => {
    expect(rows(text)).toEqual(rows(PLAIN))
  })

  test('lines are those of the file, with comments, empty lines and cells of several lines', () => {
    const text =
      'sep=;\r\n# nodes\r\nname;hosts\r\n\r\na;"10.0.0.1 x\r\n10.0.0.2 y z"\r\n#b;\r\n"# ""c"", too";\r\nd#1;\r\n'
    const [a, d] = rows(text)
    expect([a?.line, d?.line, d?.name]).toEqual([5, 9, 'd#1'])
    expect(a?.request.hosts).toEqual([
      { address: '10.0.0.1', names: ['x'] },
      { address: '10.0.0.2', names: ['y', 'z'] },
    ])
  })

  property.prop([fc.string({ unit: 'binary', maxLength: 200 })])(
    'of any text is read or told wrong',
    (text) => {
      const { faults, rows } = table(`name,ip\n${text}`)
      for (const { line } of faults) expect(line).toBeGreaterThan(0)
      if (faults.length === 0) for (const { name } of rows) expect(name).not.toMatch(/^[.-]|[/\\\p{Cc}]/u)
    },
  )

  property.prop([fc.array(fc.stringMatching(/^[ -~\n]{0,12}$/), { minLength: 1, maxLength: 8 })])(
    'gives back quoted cells at their lines',
    (cells) => {
      const quoted = cells.map((cell) => `"${`10.0.0.1 ${'x'}`}";"${cell.replaceAll('"', '""')}"`)
      const { faults } = table(`ip;name\n${quoted.join('\n')}\n`)
      let line = 2
      for (const cell of cells) {
        expect(faults.filter((one) => one.line === line && one.column === 'ip')).toHaveLength(1)
        line += cell.split('\n').length
      }
    },
  )
})

describe('a cell', () => {
  test('wins over an option, and an empty one leaves it', () => {
    const text = 'name,ip,prefix,gateway\na,10.0.0.5,16,10.0.0.9\nb,10.0.0.6,,\n'
    const options = { gateway: '10.0.0.1', prefix: '24', dns: '1.1.1.1' }
    expect(rows(text, options).map(({ request }) => request.nics[0])).toEqual([
      { ip: '10.0.0.5', prefix: 16, gateway: '10.0.0.9', dns: ['1.1.1.1'] },
      { ip: '10.0.0.6', prefix: 24, gateway: '10.0.0.1', dns: ['1.1.1.1'] },
    ])
  })

  test('with DHCP puts addresses of options aside, and one with an address DHCP', () => {
    const options = { gateway: '10.0.0.1', prefix: '24', dns: '1.1.1.1' }
    expect(nic('name,dhcp\na,yes\n', options)).toEqual({ dhcp: true, dns: ['1.1.1.1'] })
    expect(nic('name,ip\na,10.0.0.5/8\n', { dhcp: 'true' })).toEqual({ ip: '10.0.0.5', prefix: 8 })
    expect(nic('name,dhcp\na,no\n', { dhcp: 'true' })).toBeUndefined()
  })

  test('without an address leaves the gateway of the others, unless the clone exists', () => {
    expect(nic('name,ip\na,\n', { gateway: '10.0.0.1', prefix: '24' })).toBeUndefined()
    expect(nic('name,ip,vmx\na,,a.vmx\n', { gateway: '10.0.0.1' })).toEqual({ gateway: '10.0.0.1' })
  })

  test('of a card goes before --nic', () => {
    const options = { nic: 'ethernet1,prefix=24,gateway=none,dhcp' }
    expect(() => rows('name\na\n', options)).toThrow('both dhcp and prefix')
    const text = 'name,nic1.ip,nic1.dhcp,nic2.dns\na,10.1.0.5/16,,"1.1.1.1, 8.8.8.8"\nb,,yes,\n'
    expect(
      rows(text, { nic: 'ethernet1,prefix=24,gateway=none' }).map(({ request }) => request.nics),
    ).toEqual([
      [
        { device: 'ethernet1', ip: '10.1.0.5', prefix: 16, gateway: 'none' },
        { device: 'ethernet2', dns: ['1.1.1.1', '8.8.8.8'] },
      ],
      [{ device: 'ethernet1', dhcp: true }],
    ])
    expect(rows('name,nic1.ip\na,10.1.0.5/16\n', { nic: 'ethernet1,dhcp' })[0]?.request.nics).toEqual([
      { device: 'ethernet1', ip: '10.1.0.5', prefix: 16 },
    ])
  })

  test.each([
    ['node1', '', 'node1'],
    ['node1.lab.example', '', 'node1.lab.example'],
    ['Büro Nord', '', 'buro-nord'],
    ['12', '', 'vm-12'],
    ['a', 'Web.Lab', 'web.lab'],
    ['a', 'keep', 'keep'],
    ['a_b', 'auto', 'a-b'],
  ])('name %s with hostname "%s" gives the host name %s', (name, hostname, host) => {
    expect(rows(`name,hostname\n${name},${hostname}\n`)[0]?.request.hostname).toBe(host)
  })

  test('names a .vmx from where the table is', () => {
    const paths = rows('name,vmx\na,vms/a/a.vmx\nb,/vms/b.vmx\nc,\n').map(({ vmx }) => vmx)
    expect(paths).toEqual(['conf/vms/a/a.vmx', '/vms/b.vmx', undefined])
  })
})
