import { expect, test } from 'vitest'
import { flagOf, GROUPS, variableOf } from '../src/cli/options/option.ts'
import { OPTIONS, type OptionName, optionOf } from '../src/cli/options/table.ts'
import { ERRORS, type ErrorEntry } from '../src/errors/index.ts'
import { DIALECTS } from '../src/network/dialects/index.ts'
import { NOTICES } from '../src/notices.ts'
import type { AgentKind, StatePath } from '../src/operations/agents/agent.ts'
import { RESET_GROUP, resetName, resetText } from '../src/operations/agents/reset.ts'
import { AGENTS } from '../src/operations/agents/table.ts'
import { OPERATIONS } from '../src/operations/index.ts'
import { readProofs } from './support/proofs.ts'
import { BOOTED_LAYOUTS, BOOTED_STACKS } from './support/stacks.ts'

// `npm run docs` runs this with -u and so writes the pages; without it a stale page is a failure.

const GENERATED = '<!-- Made by `npm run docs` from the sources; do not edit. -->'

function page(title: string, ...blocks: readonly string[]): string {
  return `${[`# ${title}`, GENERATED, ...blocks].join('\n\n')}\n`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

const code = (text: string) => `\`${text}\``

function optionsPage(): string {
  const names = Object.keys(OPTIONS) as OptionName[]
  const groups = GROUPS.flatMap((group) => {
    const rows = names
      .filter((name) => optionOf(name).group === group)
      .map((name) => {
        const { short, value, description, default: usual, repeat, byVm } = optionOf(name)
        const flag =
          code(`${flagOf(name, optionOf(name))}${value === undefined ? '' : ` ${value}`}`) +
          (short ? `, ${code(`-${short}`)}` : '')
        const more = repeat ? '; may be repeated' : ''
        return [flag, description + more, usual ?? '', code(variableOf(name)), byVm ? 'yes' : 'no']
      })
    return [`## ${group}`, table(['option', 'what it says', 'without it', 'variable', 'by the VM'], rows)]
  })
  return page('Options', OPTIONS_LEAD, ...groups, CONFIGURATION)
}

const OPTIONS_LEAD = `Every option can be given on the command line, in the environment and in a configuration file.
The command line wins, then the environment, then the nearest file. What is given nearer puts aside what contradicts it from
farther away: \`--dhcp\` on the command line puts aside an \`ip\` in a file. In one place, options that contradict each other are refused.

Switches take \`true\`, \`yes\`, \`on\`, \`1\` or \`false\`, \`no\`, \`off\`, \`0\` in the environment and in files, and can be turned
off on the command line by \`--no-\` before their name. Options that may be repeated stand one a line in their variable,
and are repeated in a file; \`--dns\`, \`--search\`, \`--enable\` and \`--disable\` also take lists separated by commas. An empty variable counts as not set.

Inside \`--nic\`, parts are separated by commas and lists by \`;\`: \`--nic "ethernet1,ip=10.0.0.5/24,gateway=none,dns=1.1.1.1;8.8.8.8"\`
(in quotes, because of the \`;\`). The plain options speak of the first present network card. \`--old-mac\` and \`old-mac=\` are for [trees](tree.md) only.`

const CONFIGURATION = `## The configuration file

\`\`\`ini
; vmclone-fix.ini
gateway = 192.168.8.2
dns = 192.168.8.2, 1.1.1.1
hosts = 192.168.8.11 node1
hosts = 192.168.8.12 node2

[fix]
timeout = 600
\`\`\`

Read are \`vmclone-fix.ini\` in the working directory, in the VM’s directory, and in \`$XDG_CONFIG_HOME/vmclone-fix/\`
(\`~/.config/vmclone-fix/\`), on macOS too; an option counts from the first of them that has it. With \`--config FILE\` that file is the
only one. The keys are the names of the options; what stands in the section of a command counts for that command, and goes before what stands above all sections.

Unknown keys and sections are errors. So is whatever could be read in two ways: a comment needs a line of its own,
and a value with \`;\`, \`#\` or a backslash needs quotes around the whole of it.

**A file in the VM’s own directory** comes with the VM, from whoever made it. It may say how the clone is addressed and named (the column
“by the VM”), which the guest could say of itself; it may not keep old keys, switch off repairs, force anything, read files of this host, or change how the
result is shown. It is not followed if it is a symbolic link. The working directory gets the same treatment if it is the VM’s directory.
To trust such a file, name it with \`--config\`.`

function operationsPage(): string {
  const shown = OPERATIONS.filter(({ group }) => group === undefined)
  const list = shown.map(({ name, heading, default: usual }) => [
    `[${name}](#${name})`,
    heading,
    usual ? 'on' : 'off',
  ])
  const sections = shown.flatMap(({ name, heading, description, notes }) => [
    `## ${name}`,
    `**${heading}.** ${description}`,
    ...(notes === undefined ? [] : [`What it does not do: ${notes}`]),
  ])
  const lead = `In the order in which they run. \`--enable\` and \`--disable\` switch them; what is disabled is not done, whatever is enabled.
Before the last, those run that reset one agent each: \`reset-tailscale\` and others, off by default, all of them under the name \`${RESET_GROUP}\`. [Agents](agents.md) lists them.`
  return page('Operations', lead, table(['operation', 'what it is for', 'default'], list), ...sections)
}

function agentsPage(): string {
  const paths = (list: readonly StatePath[]) =>
    list.map((state) => code(typeof state === 'string' ? state : state.path)).join(' ')
  const resettable = AGENTS.flatMap((row) => (row.resettable ? [row.agent] : []))
  const resets = resettable.map((agent) => [
    agent.product,
    paths(agent.found),
    code(resetName(agent)),
    resetText(agent),
    agent.heals ? 'yes' : 'no',
    agent.advice ?? '',
  ])
  const others = (kind: AgentKind) =>
    AGENTS.filter((row) => row.kind === kind && !row.resettable).map(({ agent }) => [
      agent.product,
      paths(agent.found),
      agent.advice ?? '',
    ])
  const servers = resettable.flatMap(({ product, server }) =>
    server === undefined ? [] : [`- ${product}: ${paths(server)}`],
  )
  const heads = ['product', 'found by', 'operation', 'what it does', 'heals', 'afterwards']
  return page(
    'Agents',
    AGENTS_LEAD,
    '## May be reset',
    table(heads, resets),
    AGENTS_SERVERS,
    servers.join('\n'),
    '## Reported',
    'Their own programs alone can enrol them anew.',
    table(['product', 'found by', 'what to do'], others('agent')),
    '## Clusters and databases',
    'Never touched, whatever is enabled.',
    table(['product', 'found by', 'what to do'], others('cluster')),
  )
}

const AGENTS_LEAD = `Monitoring and management agents, VPNs and cluster members keep ids and keys of their own: two clones that have the same ones are one machine to
whoever they report to. Which of them a guest has is told by the files below, where they lie by default, not by what is installed. Each that is found is reported in a notice;
nothing is changed unless you ask for it:

    vmclone-fix node7.vmx --enable reset-tailscale               # one
    vmclone-fix node7.vmx --enable reset-agents                  # all that may be reset
    vmclone-fix node7.vmx --enable reset-agents --disable reset-salt

What was reset in a VM is on its record: the same request again leaves what the agent has got since. A [tree](tree.md) has no record.
**heals** says that the agent makes a new identity by itself when it starts. What is deleted or emptied is never shown in a diff.`

const AGENTS_SERVERS = `Where one of these is there too, others depend on the state, and it is reported but not reset:`

function errorsPage(): string {
  const rows = Object.entries<ErrorEntry>(ERRORS).map(([name, { exit, meaning, remedy }]) => [
    code(name),
    String(exit),
    meaning,
    remedy,
  ])
  return page('Errors', table(['code', 'exit status', 'what it means', 'what to do'], rows))
}

function noticesPage(): string {
  const lead = 'Notices stop nothing; they stand at the end of a report.'
  return page(
    'Notices',
    lead,
    table(
      ['code', 'what it means'],
      Object.entries(NOTICES).map(([name, text]) => [code(name), text]),
    ),
  )
}

function guestsPage(): string {
  const proofs = readProofs()
  const releases = [...new Set(proofs.map(({ release }) => release))].sort()
  const rows = releases.map((release) => {
    const own = proofs.filter((proof) => proof.release === release)
    const dialects = [...new Set(own.flatMap(({ dialect }) => dialect ?? []))]
    const edited = [...new Set(own.flatMap((proof) => proof.edited.map(shortPath)))].sort()
    const oracles = [...new Set(own.flatMap(({ oracle }) => oracle ?? []))]
    const boots = own.some((proof) => proof.boots) ? 'yes' : 'no'
    return [
      release,
      dialects.join(', '),
      edited.map(code).join(' '),
      String(own.length),
      oracles.join(', '),
      boots,
    ]
  })
  const heads = ['guest', 'network', 'files that are edited or removed', 'golden', 'oracle', 'boot']
  const cases = proofs.map(({ name, description }) => `- ${code(name)}: ${description}`).join('\n')
  const booted = BOOTED_STACKS.map(({ title, dialect }) => [title, code(dialect)])
  const dialects = DIALECTS.map(({ name, heading }) => [code(name), heading])
  return page(
    'Guests',
    GUESTS_LEAD,
    table(heads, rows),
    '## Network configuration',
    table(['name', 'what it is'], dialects),
    GUESTS_REFUSED,
    '## Booted',
    BOOTED_LEAD,
    table(['stack', 'edited by'], [['ifupdown', code('ifupdown')], ...booted]),
    LAYOUTS_LEAD,
    BOOTED_LAYOUTS.map(({ title }) => `- ${title}`).join('\n'),
    '## The golden guests',
    cases,
  )
}

function shortPath(path: string): string {
  if (/^\/etc\/ssh\/.*key/.test(path)) return '/etc/ssh/ssh_host_*'
  return path.replace(/[0-9a-f]{32}/, '<machine-id>')
}

const GUESTS_LEAD = `What a guest runs is told by its files, not by its name: systems that keep the same files are edited the same way.
**golden** counts the guests below \`fixtures/guests/\` that are compared whole, before and after. **oracle** names the programs that read the edited
network configuration and must find exactly the address, route and servers asked for. **boot** says whether a built guest is cloned, fixed and booted.`

const BOOTED_LEAD = `Debian 12 with each of these is cloned, fixed from DHCP and from a static address, and booted in pairs that reach each other by name. Each
must have exactly the address, route, DNS servers, MAC, host name, machine-id and SSH host keys of the report, and no failed unit.`

const LAYOUTS_LEAD = `These stand on one ext4 partition. Clones of ifupdown guests on other layouts are booted as well, one on each, and must
reach each other in the same way:`

const GUESTS_REFUSED = `Refused before anything is written: NixOS, ostree systems (CoreOS, Silverblue, bootc) and diskless Alpine, which make their \`/etc\` anew; two managers that
claim one interface; and, if an address is asked for, a guest in which none of these is in force.`

test.each([
  ['guests', guestsPage],
  ['options', optionsPage],
  ['operations', operationsPage],
  ['agents', agentsPage],
  ['errors', errorsPage],
  ['notices', noticesPage],
])('docs/%s.md is what the sources say', async (name, make) => {
  await expect(make()).toMatchFileSnapshot(`../docs/${name}.md`)
})
