import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { readArguments } from '../../../src/operations/open-ssh/sshd-arguments.ts'
import { listeningOf } from '../../../src/operations/open-ssh/sshd-config.ts'
import { scratchDirectory } from '../../support/scratch.ts'

// What sshd itself says of where it would listen.
const scratch = scratchDirectory()
let key: string

beforeAll(async () => {
  mkdirSync('/run/sshd', { recursive: true })
  key = join(scratch, 'key')
  await execa('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', key])
})

test.each([
  ['', 'Port 24\nPort 25\n'],
  ['-p 2222', 'Port 24\n'],
  ['-D -p 2222 -p2223', ''],
  ['-4Dp 2222', 'Port 24\nListenAddress 0.0.0.0\nListenAddress 0.0.0.0:2300\n'],
  ['-o Port=2222', 'Port 24\n'],
  ['-oPort=2222 -p 2223', 'Port 24\n'],
  ['-p 2223 -oPort=2222 -o LogLevel=INFO', 'Port 24\n'],
  ['-e -E /dev/null -u 0 -p 2222 --', ''],
  ['-o ListenAddress=192.0.2.1:2222', 'Port 24\n'],
])('sshd %s', async (line, config) => {
  const file = join(mkdtempSync(join(scratch, 'config-')), 'sshd_config')
  writeFileSync(file, config)
  const words = line.split(' ').filter(Boolean)
  const { stdout } = await execa('/usr/sbin/sshd', ['-T', '-f', file, '-h', key, ...words])
  const told = [...stdout.matchAll(/^listenaddress .*:(\d+)$/gm)].map(([, port]) => Number(port))
  const found = listeningOf(new GuestTree([guestFile('/etc/ssh/sshd_config', config)]), readArguments(words))
  expect([...found.ports].sort()).toEqual([...new Set(told)].sort())
})
