import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, guestFile } from '../../src/guest/tree.ts'
import { machineId } from '../../src/operations/machine-id.ts'
import { identityOf, type Outcome, pairOf, run, surveyOf } from '../support/clone.ts'

const OLD = 'a'.repeat(32)
const NEW = '0123456789abcdef0123456789abcdef'
const KERNEL = '5.14.0-427.13.1.el9_4.x86_64'
const ENTRY = `title Rocky Linux\nversion ${KERNEL}\nlinux /vmlinuz-${KERNEL}\noptions root=/dev/mapper/rl-root ro\n`
const ID = guestFile('/etc/machine-id', `${OLD}\n`, { mode: 0o444 })

function entry(id: string, rest = KERNEL, text = ENTRY): GuestNode {
  return guestFile(`/boot/loader/entries/${id}-${rest}.conf`, text, { mode: 0o600 })
}

function grubenv(saved: string): string {
  return `# GRUB Environment Block\nsaved_entry=${saved}\nboot_success=0\n`.padEnd(1024, '#')
}

function plan(nodes: readonly GuestNode[], value = NEW): Outcome {
  const wanted = value === '' ? ({ policy: 'empty' } as const) : ({ policy: 'set', value } as const)
  const sshKeys = { policy: 'set', pairs: [pairOf('rsa', 'web')] } as const
  return run(surveyOf([ID, ...nodes]), identityOf({ machineId: wanted, sshKeys }), machineId)
}

function entriesOf({ after }: Outcome): string[] {
  return after.guest.tree.glob('/boot/loader/entries/*').map(({ path }) => path.slice(21))
}

const codes = ({ notices }: Outcome): string[] => notices.map(({ code }) => code)

describe('boot loader entries', () => {
  it('take the new id, with content, owner, mode and label of the old', () => {
    const rescue = `linux /vmlinuz-0-rescue-${OLD}\n`
    const outcome = plan([entry(OLD), entry(OLD, '0-rescue', rescue), entry('b'.repeat(32))])
    expect(entriesOf(outcome)).toEqual([
      `${NEW}-0-rescue.conf`,
      `${NEW}-${KERNEL}.conf`,
      `${'b'.repeat(32)}-${KERNEL}.conf`,
    ])
    expect(outcome.text(`/boot/loader/entries/${NEW}-${KERNEL}.conf`)).toBe(ENTRY)
    expect(outcome.text(`/boot/loader/entries/${NEW}-0-rescue.conf`)).toBe(rescue)
    expect(outcome.changes.find(({ path }) => path.includes(`${NEW}-5`))).toMatchObject({
      mode: 0o600,
      owner: { uid: 0, gid: 0 },
      labelLike: entry(OLD).path,
    })
    expect(codes(outcome)).toEqual([])
  })

  it.each([
    ['/boot/grub2/grubenv', grubenv(`${OLD}-${KERNEL}`), grubenv(`${NEW}-${KERNEL}`)],
    ['/boot/efi/EFI/rocky/grubenv', grubenv(`${OLD}-${KERNEL}`), grubenv(`${NEW}-${KERNEL}`)],
    ['/boot/grub2/grubenv', grubenv(`${OLD}-5.14.0-1`), grubenv(`${OLD}-5.14.0-1`)],
    ['/boot/grub2/grubenv', grubenv('0'), grubenv('0')],
    ['/etc/default/grub', `GRUB_DEFAULT="${OLD}-${KERNEL}"\n`, `GRUB_DEFAULT="${NEW}-${KERNEL}"\n`],
    ['/etc/default/grub', `GRUB_DEFAULT=${OLD}-${KERNEL}.conf\n`, `GRUB_DEFAULT=${NEW}-${KERNEL}.conf\n`],
    ['/boot/grub2/grub.cfg', `linux /${OLD}-${KERNEL}\n`, `linux /${OLD}-${KERNEL}\n`],
  ])('keep their place as the default in %s', (path, before, after) => {
    expect(plan([entry(OLD), guestFile(path, before)]).text(path)).toBe(after)
  })

  it.each([
    ['/etc/kernel/entry-token', `${OLD}\n`],
    ['/etc/machine-info', `KERNEL_INSTALL_MACHINE_ID=${OLD}\n`],
  ])('stay, and nothing is said, where %s names them', (path, text) => {
    const outcome = plan([entry(OLD), guestFile(path, text)])
    expect([entriesOf(outcome), codes(outcome)]).toEqual([[`${OLD}-${KERNEL}.conf`], []])
  })

  it.each([
    ['of systemd-boot', [entry(OLD, KERNEL, `linux /${OLD}/${KERNEL}/linux\n`)], NEW],
    ['whose new name is taken', [entry(OLD), entry(NEW)], NEW],
    ['when the new id is not known', [entry(OLD)], ''],
    ['on the EFI system partition', [guestFile(`/efi/loader/entries/${OLD}-6.1.conf`, '')], NEW],
  ])('stay with a notice: %s', (_, nodes, value) => {
    const outcome = plan(nodes, value)
    expect(outcome.changes.filter(({ path }) => path.includes('/entries/'))).toEqual([])
    expect(codes(outcome)).toEqual(['boot-entries-left'])
  })

  it('of two old ids do not collide', () => {
    const copy = guestFile('/var/lib/dbus/machine-id', `${'c'.repeat(32)}\n`)
    const outcome = plan([copy, entry(OLD), entry('c'.repeat(32), KERNEL, 'title other\n')])
    expect(entriesOf(outcome)).toEqual([`${NEW}-${KERNEL}.conf`, `${'c'.repeat(32)}-${KERNEL}.conf`])
    expect(codes(outcome)).toEqual(['boot-entries-left'])
  })

  const part = fc.constantFrom(
    OLD,
    NEW,
    `${OLD}-${KERNEL}`,
    'saved_entry=',
    '\n',
    '#',
    '-',
    '.conf',
    'a',
    '\xff',
  )
  test.prop([fc.array(part).map((parts) => parts.join(''))])(
    'change nothing else in a block and keep its length, and twice is once',
    (text) => {
      const nodes = [entry(OLD), guestFile('/boot/grub2/grubenv', text)]
      const once = plan(nodes)
      const after = once.text('/boot/grub2/grubenv') ?? ''
      expect(after).toHaveLength(text.length)
      expect(after.replaceAll(`${NEW}-5`, `${OLD}-5`)).toBe(text.replaceAll(`${NEW}-5`, `${OLD}-5`))
      const again = run(once.after, identityOf({ machineId: { policy: 'set', value: NEW } }), machineId)
      expect(again.changes).toEqual([])
    },
  )
})

describe('machine-id', () => {
  it.each([
    ['machineid', true],
    ['appmachineid', true],
    ['uname', false],
  ])('minds LVM volume groups that belong to a system id of source %s: %s', (source, refused) => {
    const nodes = [
      guestFile('/etc/lvm/lvmlocal.conf', `global { system_id_source = "${source}" }\n`),
      guestFile('/etc/lvm/lvm.conf', 'global/system_id_source = "none"\n'),
      guestFile('/etc/lvm/backup/rl', '\tsystem_id = "x"\n'),
    ]
    if (refused) expect(() => plan(nodes)).toThrow(expect.objectContaining({ code: 'LVM_SYSTEM_ID' }))
    else expect(plan(nodes).changes).toHaveLength(1)
    expect(plan(nodes, OLD).changes).toEqual([])
    expect(plan(nodes.slice(0, 2)).changes).toHaveLength(1)
  })
})
