import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { openPort } from '../../../src/operations/open-ssh/iptables-rules.ts'
import { alone, reaches } from '../../support/reach.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { enabled, openIn, SERVED } from '../../support/ssh-guest.ts'

// nft, iptables, ufw and firewalld themselves, each in network namespaces of its own: they must read what was written, and let a
// connection through that they turned away before. ufw and firewalld are unpacked by scripts/oracles.
const ORACLES = new URL('../../../node_modules/.cache/oracles', import.meta.url).pathname
const PYTHON = { PYTHONPATH: join(ORACLES, 'usr/lib/python3/dist-packages') }
const scratch = scratchDirectory()

function put(text: string): string {
  const path = join(mkdtempSync(join(scratch, 'rules-')), 'rules')
  writeFileSync(path, text)
  return path
}

const LO = 'iif "lo" accept\n\t\tct state vmap { established : accept, related : accept, invalid : drop }\n'
const NFT: Record<string, string> = {
  'a policy that drops': `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\t${LO}\t}\n}\n`,
  'a reject at the end': `define WEB = { 80, 443 }\ntable inet filter {\n\tset admins {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 10.0.0.0/8 }\n\t}\n\tchain input {\n\t\ttype filter hook input priority filter + 20; policy accept;\n\t\t${LO}\t\tip saddr @admins tcp dport ssh accept\n\t\ttcp dport $WEB counter accept comment "web"\n\t\tip protocol icmp limit rate 4/second accept\n\t\treject with icmpx type admin-prohibited\n\t}\n}\n`,
  'a chain that is jumped to': `table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tjump services\n\t}\n\tchain services {\n\t\tct state established,related accept\n\t\ttcp dport 80 accept\n\t\tdrop\n\t}\n}\n`,
  'two chains, one in one line': `table inet a { chain c { type filter hook input priority 0; policy drop; tcp dport { 80, 443 } accept; }; }\ntable ip b {\n  chain c {\n    type filter hook input priority 10\n    meta l4proto tcp log prefix "b: " level info drop\n  }\n}\n`,
}

describe.each(Object.entries(NFT))('nftables: %s', (_, before) => {
  const { text } = openIn([...SERVED, enabled('nftables.service'), guestFile('/etc/nftables.conf', before)])
  const [closed, open] = [put(before), put(text('/etc/nftables.conf') ?? '')]

  test('lets a connection in that it turned away', () => {
    for (const file of [closed, open]) expect(alone('nft', ['-c', '-f', file])).toBe('')
    expect(reaches('nft', '-f', closed)).toEqual({ answer: 'closed', stderr: '' })
    expect(reaches('nft', '-f', open)).toEqual({ answer: 'open', stderr: '' })
  })
})

const HEAD = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n'
const IPTABLES: Record<string, string> = {
  'RHEL’s own rules': `${HEAD}-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p icmp -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT\n-A FORWARD -j REJECT\nCOMMIT\n`,
  'a policy that drops': `*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n${HEAD.replace('INPUT ACCEPT', 'INPUT DROP')}[3:180] -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n`,
  'what is for others, as ufw drops it': `${HEAD}:OTHERS - [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j OTHERS\n-A INPUT -j REJECT\n-A OTHERS -m addrtype --dst-type LOCAL -j RETURN\n-A OTHERS -j DROP\nCOMMIT\n`,
  'no state at all, and a chain': `${HEAD}:LAST - [0:0]\n-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\n-A INPUT -m comment --comment "-j ACCEPT" -j LAST\n-A LAST -p tcp -j LOG --log-prefix "in: "\n-A LAST -j DROP\nCOMMIT\n`,
}

describe.each(Object.entries(IPTABLES))('iptables: %s', (_, before) => {
  const [closed, open] = [put(before), put(openPort(before, 22) ?? '')]

  test('lets a connection in that it turned away', () => {
    for (const program of [
      'iptables-nft-restore',
      'iptables-legacy-restore',
      'ip6tables-nft-restore',
      'ip6tables-legacy-restore',
    ])
      for (const file of [closed, open])
        if (!program.startsWith('ip6') || !before.includes('icmp'))
          expect(alone(program, ['--test', file])).toBe('')
    for (const program of ['iptables-nft-restore', 'iptables-legacy-restore']) {
      expect(reaches(program, closed)).toEqual({ answer: 'closed', stderr: '' })
      expect(reaches(program, open)).toEqual({ answer: 'open', stderr: '' })
    }
  })
})

describe('ufw', () => {
  /** A directory with ufw’s files as the package brings them, and what ufw is run with in it. */
  function makeRoot(): (...command: string[]) => string {
    const root = mkdtempSync(join(scratch, 'ufw-'))
    for (const name of ['lib/ufw', 'etc/default/ufw', 'etc/ufw'])
      cpSync(join(ORACLES, name), join(root, name), { recursive: true })
    cpSync(join(ORACLES, 'usr/share/ufw/iptables'), join(root, 'etc/ufw'), { recursive: true })
    cpSync(join(ORACLES, 'usr/share/ufw/ufw.conf'), join(root, 'etc/ufw/ufw.conf'))
    return (...command) => {
      if (command[0] === 'cat') return readFileSync(join(root, 'etc/ufw', command[1] as string), 'utf8')
      const place = [`--rootdir=${root}`, `--datadir=${root}`]
      return alone('/usr/bin/python3', [join(ORACLES, 'usr/sbin/ufw'), ...place, ...command], PYTHON)
    }
  }

  test.each([
    ['the first rule', '22', []],
    [
      'a rule behind others',
      '22',
      [
        ['allow', '80/tcp'],
        ['deny', 'from', '192.0.2.7'],
        ['limit', '443/tcp'],
      ],
    ],
    ['another port', '2222', [['deny', '22/tcp']]],
  ] as const)('%s is what ufw itself writes', (_, port, earlier) => {
    const ufw = makeRoot()
    // So that ufw writes the file in its own way.
    for (const command of [['allow', '8080/tcp'], ['delete', 'allow', '8080/tcp'], ...earlier])
      expect(ufw(...command)).toMatch(/Rules? (updated|added|deleted)/)
    const names = ['user.rules', 'user6.rules']
    const before = ['before.rules', 'before6.rules']
    const { text, again, codes } = openIn([
      ...SERVED,
      guestFile('/etc/ssh/sshd_config', `Port ${port}\n`),
      guestFile('/etc/ufw/ufw.conf', 'ENABLED=yes\n'),
      guestFile('/etc/default/ufw', 'IPV6=yes\n'),
      ...[...names, ...before].map((name) => guestFile(`/etc/ufw/${name}`, ufw('cat', name))),
    ])
    expect(ufw('allow', `${port}/tcp`)).toMatch(/Rules? (updated|added)/)
    for (const name of names) expect(text(`/etc/ufw/${name}`)).toBe(ufw('cat', name))
    // What the package brings turns nobody's SSH away.
    expect({ again, codes }).toEqual({ again: [], codes: [] })
  })
})

describe('firewalld', () => {
  const ask = (directory: string, ...question: string[]) =>
    alone(
      '/usr/bin/python3',
      [
        join(ORACLES, 'usr/bin/firewall-offline-cmd'),
        ...['--system-config', directory, '--default-config', join(ORACLES, 'usr/lib/firewalld')],
        ...question,
      ],
      PYTHON,
    ).trim()
  const vendor = (path: string) => readFileSync(join(ORACLES, path), 'utf8')

  test.each([
    ['a zone of its own', '/etc/firewalld/zones/public.xml', 'public', '', 'ssh dhcpv6-client', ''],
    [
      'a zone that came with it',
      '/usr/lib/firewalld/zones/external.xml',
      'external',
      'Port 2222\nPort 22\n',
      'ssh',
      '2222/tcp',
    ],
    ['a zone without anything', '/usr/lib/firewalld/zones/drop.xml', 'drop', '', 'ssh', ''],
  ])('finds SSH in %s', (_, path, zone, sshd, services, ports) => {
    const own = path.startsWith('/etc')
      ? vendor(`usr/lib/firewalld/zones/${zone}.xml`).replace('  <service name="ssh"/>\n', '')
      : vendor(path)
    const { text, again } = openIn([
      ...SERVED,
      enabled('firewalld.service'),
      guestFile('/etc/firewalld/firewalld.conf', `DefaultZone=${zone}\n`),
      guestFile('/etc/ssh/sshd_config', sshd),
      guestFile(path, own),
    ])
    const directory = mkdtempSync(join(scratch, 'firewalld-'))
    const file = join(directory, 'zones', `${zone}.xml`)
    mkdirSync(dirname(file))
    writeFileSync(join(directory, 'firewalld.conf'), vendor('etc/firewalld/firewalld.conf'))
    writeFileSync(file, own)
    const had = ask(directory, '--zone', zone, '--list-services').split(' ')
    expect(own.includes('name="ssh"') ? had : had.includes('ssh')).toEqual(
      own.includes('name="ssh"') ? ['ssh'] : false,
    )
    writeFileSync(file, text(`/etc/firewalld/zones/${zone}.xml`) ?? '')
    expect(ask(directory, '--check-config')).toBe('')
    expect(ask(directory, '--zone', zone, '--list-services').split(' ').sort()).toEqual(
      services.split(' ').sort(),
    )
    expect(ask(directory, '--zone', zone, '--list-ports')).toBe(ports)
    expect(again).toEqual([])
  })
})
