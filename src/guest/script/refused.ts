import type { Words } from './words.ts'

/** Commands that a script cannot have, by why. Names are in lower case with dashes, though guestfish takes others too. */
const REFUSED: readonly (readonly [names: RegExp, why: string])[] = [
  [/^(edit|vi|emacs|hexedit|more|less|display|man|manual|event)$/, 'runs a program on this host'],
  [/^(run|launch|shutdown|kill-subprocess|reopen|quit|exit|q|internal-.*)$/, 'starts or ends the appliance'],
  [
    /^(add|add-.*|domain|config|scratch|alloc|allocate|sparse|disk-create|remove-drive)$/,
    'is for disks, which are attached already',
  ],
  [
    /^(mount(?!s$|points$|able-).*|u(n)?mount.*|remount|mkmountpoint|rmmountpoint|inspect-os)$/,
    'changes what is mounted',
  ],
  [/^(vg-activate.*|vgscan|lvm-(scan|set-filter|clear-filter))$/, 'changes which volumes there are'],
  [/^(cryptsetup-.*|luks-(?!uuid$).*)$/, 'opens encrypted volumes, which is done already, or asks for a key'],
  [
    /^(set-(?!e2|label$|uuid).*|clear-backend-setting|setenv|unsetenv|umask|append|attach-method|autosync|backend|cachedir|direct|hv|identifier|memsize|network|path|pgroup|program|qemu|recovery-proc|selinux|smp|tmpdir|trace|verbose)$/,
    'changes a setting that lasts beyond the script',
  ],
]

/** These take a command as their first argument. */
const PREFIX = /^(glob|time)$/
const READS_LOCAL_FILE = /^(upload.*|debug-upload|yara-load|.*-in)$/
/** guestfish's own input, under each of its names. */
const INPUT = /^(-|-<<.*|\/dev\/(stdin|fd\/.*)|\/proc\/(self|thread-self)\/.*)$/

/** Why a script cannot have this command, led by its name; undefined if it can. */
export function refusalOf({ name, args, piped }: Words): string | undefined {
  if (piped) return `${name} is piped to a program of this host`
  const plain = name.toLowerCase().replaceAll('_', '-')
  const [first, ...rest] = args
  if (PREFIX.test(plain) && first !== undefined) return refusalOf({ name: first, args: rest, piped })
  if (READS_LOCAL_FILE.test(plain) && args.some((one) => INPUT.test(one)))
    return `${name} reads the lines that follow, which are commands here`
  const why = REFUSED.find(([names]) => names.test(plain))?.[1]
  return why && `${name} ${why}`
}
