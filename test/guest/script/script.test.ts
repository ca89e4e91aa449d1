import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parseScript } from '../../../src/guest/script/script.ts'
import { wordsOf } from '../../../src/guest/script/words.ts'

const parse = (text: string) => parseScript(Buffer.from(text), '/x/a.gf')
const texts = (text: string) => parse(text).map((command) => command.text)

test('commands come with their lines; comments, blank lines and line ends are left out', () => {
  expect(parse('# a comment\n\n  write /etc/motd "hello # you\\n"\r\n\t# more\n-rm /a\nsync')).toEqual([
    { line: 3, name: 'write', text: 'write /etc/motd "hello # you\\n"', mayFail: false },
    { line: 5, name: 'rm', text: 'rm /a', mayFail: true },
    { line: 6, name: 'sync', text: 'sync', mayFail: false },
  ])
})

test('an empty script has no commands, and bytes that are no UTF-8 stay', () => {
  expect(parse('')).toEqual([])
  expect(parseScript(Buffer.from([0x73, 0x68, 0x20, 0xff, 0x0a]), '/x')[0]?.text).toBe('sh \u00ff')
})

describe('what works in the guest is taken', () => {
  it.each([
    'command "apt-get -y install nginx"',
    "sh 'id | wc -l'",
    'echo "|"',
    'echo a|b',
    'upload ./motd /etc/motd',
    'copy-in ./etc /',
    'write /-x -',
    'glob rm-rf /tmp/*',
    'time sh "true"',
    'mounts',
    'mountpoints',
    'mountable-device /dev/sda1',
    'set-e2label /dev/sda1 root',
    'set-uuid-random /dev/sda1',
    'luks-uuid /dev/sda2',
    'lcd sub',
    "echo 'a\\'",
  ])('%s', (line) => {
    expect(texts(line)).toEqual([line])
  })
})

describe('refused with its place', () => {
  it.each([
    ['!touch /x', 'runs a program on this host'],
    ['<! echo run', 'runs a program on this host'],
    ['cat /etc/passwd | grep root', 'cat is piped to a program of this host'],
    ['cat /etc/passwd |grep root', 'cat is piped'],
    ['edit /etc/hosts', 'edit runs a program on this host'],
    ['-vi /etc/hosts', 'vi runs a program on this host'],
    ['run', 'run starts or ends the appliance'],
    ['LAUNCH', 'LAUNCH starts or ends the appliance'],
    ['shutdown', 'starts or ends'],
    ['kill_subprocess', 'kill_subprocess starts or ends'],
    ['exit', 'starts or ends'],
    ['add-drive /dev/sda', 'add-drive is for disks'],
    ['Add_Drive /dev/sda', 'Add_Drive is for disks'],
    ['mount /dev/sda1 /', 'mount changes what is mounted'],
    ['mount-ro /dev/sda1 /', 'changes what is mounted'],
    ['umount /', 'changes what is mounted'],
    ['unmount-all', 'changes what is mounted'],
    ['inspect-os', 'changes what is mounted'],
    ['vg-activate-all false', 'changes which volumes there are'],
    ['cryptsetup-open /dev/sda2 x', 'opens encrypted volumes'],
    ['set-verbose true', 'changes a setting'],
    ['trace 1', 'changes a setting'],
    ['umask 077', 'changes a setting'],
    ['glob umount /x*', 'umount changes what is mounted'],
    ['time glob vi /x*', 'vi runs a program'],
    ['upload - /x', 'upload reads the lines that follow'],
    ['upload -<<END /x', 'upload reads the lines that follow'],
    ['tar-in "-" /', 'tar-in reads the lines that follow'],
    ['upload /dev/stdin /x', 'upload reads the lines that follow'],
    ['tgz-in /proc/self/fd/0 /', 'tgz-in reads the lines that follow'],
    ['echo "a', 'the line has a quote that does not end'],
    ['echo "a\\"', 'the line has a quote that does not end'],
    ['echo "a"b', 'the line has text right behind a quote'],
    ['"echo" a', 'the line does not begin with the name of a command'],
    ['--rm /x', 'the line does not begin with the name of a command'],
    ['- rm /x', 'the line does not begin with the name of a command'],
    ['echo \0', 'the line holds a NUL byte'],
    [`echo ${'a'.repeat(8190)}`, 'the line is longer than 8190 bytes'],
  ])('%s', (line, fact) => {
    expect(() => parse(`# first\n${line}\n`)).toThrow(
      expect.objectContaining({
        code: 'SCRIPT_REFUSED',
        message: expect.stringContaining(`/x/a.gf:2: `),
        position: { file: '/x/a.gf', line: 2 },
      }),
    )
    expect(() => parse(line)).toThrow(fact)
  })
})

const written = {
  double: fc
    .string({ unit: fc.constantFrom('a', ' ', "'", '|', '\\\\', '\\"', '#') })
    .map((text) => [`"${text}"`, text] as const),
  single: fc
    .string({ unit: fc.constantFrom('a', ' ', '"', '|', '\\') })
    .map((text) => [`'${text}'`, text] as const),
  plain: fc
    .string({ unit: fc.constantFrom('a', '/', '\\', '#', '-'), minLength: 1 })
    .map((text) => [text, text] as const),
}

test.prop([fc.array(fc.oneof(written.double, written.single, written.plain))])(
  'quoted arguments are taken apart as they were put together',
  (parts) => {
    const line = ['echo', ...parts.map(([text]) => text)].join('  ')
    expect(wordsOf(line)).toEqual({ name: 'echo', args: parts.map(([, text]) => text), piped: false })
  },
)

const bits = fc.constantFrom(
  'rm',
  'edit',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '"',
  "'",
  '\\',
  '|',
  '!',
  '<',
  '-',
  '#',
  'é',
)

test.prop([fc.string({ unit: bits })])('no script that is taken holds what would end a line', (text) => {
  try {
    for (const command of parse(text)) expect(command.text).not.toMatch(/[\n\0]|^[!#<-]/)
  } catch (error) {
    expect(error).toMatchObject({ code: 'SCRIPT_REFUSED' })
  }
})
