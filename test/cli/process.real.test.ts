import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transpiledCommandLine } from '../support/transpile.ts'

let main: string
let directory: string

beforeAll(async () => {
  main = await transpiledCommandLine()
  directory = await mkdtemp(join(tmpdir(), 'cli-'))
}, 60_000)

afterAll(() => rm(directory, { recursive: true, force: true }))

/** Runs the command line as a process, in an empty directory with a home of its own. */
function vmcloneFix(args: readonly string[], environment: Record<string, string> = {}) {
  return execa(process.execPath, [main, ...args], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, ...environment },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
}

describe('texts', () => {
  test.each([['--help'], ['-h'], ['fix', '--help'], ['operations', '--help'], ['doctor', '--help']])(
    'help by %s %s goes to stdout and ends well',
    async (...args) => {
      const { stdout, stderr, exitCode } = await vmcloneFix(args)
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      expect(stdout).toContain('Usage:')
      expect(stdout).toContain('Exit status:')
    },
  )

  test('--version prints a version', async () => {
    expect((await vmcloneFix(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('wrong requests', () => {
  test.each([
    { args: ['a.vmx', '--gatewy', '1'], fact: 'unknown option "--gatewy"', hint: 'Did you mean --gateway?' },
    {
      args: ['tree', '/mnt', '--with', 'a.gf'],
      fact: 'unknown option "--with"',
      hint: 'It is an option of fix and batch.',
    },
    { args: ['a.vmx', '--ip', '192.168.8'], fact: '--ip: "192.168.8" is no IPv4 address', hint: 'Give four' },
    { args: ['a.vmx', '--ip'], fact: '--ip: the value is missing', hint: 'as in --ip 192.168.8.12/24.' },
    { args: ['a.vmx', '--ip', '10.0.0.5', '--dhcp'], fact: '--dhcp: contradicts --ip', hint: 'either' },
    { args: ['doktor'], fact: 'there is no command "doktor"', hint: 'Did you mean doctor?' },
    { args: [], fact: '<vm.vmx> is missing', hint: 'clone.vmx' },
    { args: ['inspekt', 'a.vmx'], fact: 'there is no command "inspekt"', hint: 'operations' },
  ])('$args: $fact', async ({ args, fact, hint }) => {
    const { stdout, stderr, exitCode } = await vmcloneFix(args)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(fact)
    expect(stderr).toContain(hint)
  })

  test('with --json the error is the whole of stdout', async () => {
    const { stdout, stderr, exitCode } = await vmcloneFix(['a.vmx', '--json', '--ip', 'x'])
    expect(exitCode).toBe(2)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      error: { code: 'BAD_OPTION', message: expect.stringContaining('--ip'), hint: expect.any(String) },
    })
  })

  test('a variable is named in its error', async () => {
    const { stderr, exitCode } = await vmcloneFix(['a.vmx'], { VMCLONE_FIX_IP: '1.2.3' })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('VMCLONE_FIX_IP: "1.2.3" is no IPv4 address')
  })

  test('a line of the configuration file is shown with a caret', async () => {
    const file = join(directory, 'own.ini')
    await writeFile(file, '; mine\nip = 192.168.8\n')
    const { stderr, exitCode } = await vmcloneFix(['a.vmx', '--config', 'own.ini'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(['at own.ini, line 2, column 6:', '    ip = 192.168.8', '         ^'].join('\n'))
  })
})

test('operations are listed, for people and for programs', async () => {
  const [text, json] = await Promise.all([vmcloneFix(['operations']), vmcloneFix(['operations', '--json'])])
  expect(text.stdout).toMatch(/^machine-id +on /m)
  const names = (JSON.parse(json.stdout) as { operations: { name: string }[] }).operations.map(
    ({ name }) => name,
  )
  expect(names).toContain('machine-id')
})

test('a reader of stdout that goes away is no error', async () => {
  const { stderr } = await execa('bash', ['-c', '"$0" "$1" --help | true', process.execPath, main], {
    reject: false,
  })
  expect(stderr).toBe('')
})
