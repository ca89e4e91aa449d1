import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { listeningOf } from '../../../src/operations/open-ssh/sshd-config.ts'

const CONFIG = '/etc/ssh/sshd_config'
const read = (text: string, more: Record<string, string> = {}) =>
  listeningOf(
    new GuestTree([
      guestFile(CONFIG, text),
      ...Object.entries(more).map(([path, other]) => guestFile(path, other)),
    ]),
  )

describe('sshd listens', () => {
  it.each([
    ['on 22', '#Port 2222\n', [22]],
    ['on the ports that are given, each once', 'Port 22\r\nport=2222 # more\n\tPort "22"\n', [22, 2222]],
    ['on those of addresses', 'ListenAddress 0.0.0.0:2200\nListenAddress [::]:2201\n', [2200, 2201]],
    [
      'on the usual ones at addresses without',
      'Port 2222\nListenAddress ::\nListenAddress 0.0.0.0\n',
      [2222],
    ],
    ['not on what a Match block says', 'Match User git\nPort 2222\n', [22]],
    ['not on what is no port', 'Port 0\nPort x\nPort 70000\n', [22]],
  ])('%s', (_, text, ports) => {
    expect(read(text)).toEqual({ ports })
  })

  it('at certain addresses, loopback left out', () => {
    const text = 'ListenAddress 127.0.0.1:2022\nListenAddress 192.0.2.5\nListenAddress 2001:db8::5\n'
    expect(read(text)).toEqual({ ports: [22], addresses: ['127.0.0.1', '192.0.2.5', '2001:db8::5'] })
    expect(read('ListenAddress localhost\n')).toEqual({ ports: [], addresses: ['localhost'] })
  })

  it('as included files say, in their order; others are not read', () => {
    const more = {
      '/etc/ssh/sshd_config.d/10-a.conf': 'Port 2210\nMatch all\nPort 1\n',
      '/etc/ssh/sshd_config.d/20-b.conf': 'Include /etc/ssh/sshd_config\nPort 2220\n',
    }
    expect(read('Include sshd_config.d/*.conf\nPort 22\n', more).ports).toEqual([2210, 22, 2220])
    expect(read('Port 22\n', more).ports).toEqual([22])
  })

  it('as the vendor’s file says where there is no other', () => {
    const tree = new GuestTree([guestFile('/usr/etc/ssh/sshd_config', 'Port 2022\n')])
    expect(listeningOf(tree).ports).toEqual([2022])
  })
})
