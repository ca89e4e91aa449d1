import { rmSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { builtGuest, copyTemplate } from './guest.mjs'
import { describeHost } from './host.mjs'
import * as ours from './ours.mjs'
import { runKeys, runPeers } from './peers.mjs'
import { hostLine, markdown, rowsOf } from './table.mjs'

const SCRIPTS = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const PAGE = join(SCRIPTS, '../docs/performance.md')

const PARTS = {
  peers: ['virt-sysprep and then virt-customize, clone by clone', runPeers],
  keys: ['host keys alone, by ssh-keygen on all cores', runKeys],
  single: ['one clone fixed in place', ours.runSingle],
  linked: ['linked clones, stamped', ours.runLinked],
  unstamped: ['the same with --no-stamp', ours.runUnstamped],
  many: ['many linked clones with new host keys', ours.runMany],
  kept: ['the same with --ssh-keys keep', ours.runKept],
  copies: ['plain copies of the flattened disk', ours.runCopies],
  full: ['full clones', ours.runFull],
  plans: ['a dry run of a long table', ours.runPlans],
}

const SIZES = { peers: 3, repeat: 3, keys: 40, few: 24, many: 1000, full: 96, plans: 10_000 }

const HELP = `Usage: scripts/bench [PART…] [options]
       scripts/bench --docs [--json FILE]

Measures the built command line (npm run build) beside virt-sysprep and virt-customize on a real Debian guest, prints a table
and writes all figures as JSON. Without arguments: every part. It works in a directory of its own and removes it.

${Object.entries(PARTS)
  .map(([name, [what]]) => `  ${name.padEnd(10)} ${what}`)
  .join('\n')}

  --peers N    clones that the peers are timed on (default ${SIZES.peers})
  --repeat N   times that a single clone is fixed (${SIZES.repeat})
  --keys N     clones whose host keys ssh-keygen makes (${SIZES.keys})
  --few N      clones of linked and unstamped (${SIZES.few})
  --many N     clones of many and kept (${SIZES.many})
  --full N     full clones, and copies (${SIZES.full})
  --plans N    rows of the dry run (${SIZES.plans})
  --guest DIR  what scripts/build-guest printed; default: it is run, --static
  --json FILE  where the figures go, or are read from (default docs/performance.json)
  --docs       measures nothing: puts the table of the last run into docs/performance.md
`

const numbers = Object.fromEntries(Object.keys(SIZES).map((name) => [name, { type: 'string' }]))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...numbers,
    guest: { type: 'string' },
    json: { type: 'string', default: join(SCRIPTS, '../docs/performance.json') },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const say = (text) => process.stderr.write(`bench: ${text}\n`)

async function measure() {
  const unknown = positionals.find((part) => !(part in PARTS))
  if (unknown !== undefined) throw new Error(`there is no part named ${unknown}; see --help`)
  const sizes = Object.fromEntries(
    Object.entries(SIZES).map(([name, usual]) => {
      const size = Number(values[name] ?? usual)
      if (!Number.isInteger(size) || size < 1) throw new Error(`--${name} takes a number from 1`)
      return [name, size]
    }),
  )
  const chosen = Object.keys(PARTS).filter((part) => positionals.length === 0 || positionals.includes(part))
  const cli = join(SCRIPTS, '../dist/cli/main.js')
  const cores = availableParallelism()
  const work = await mkdtemp(join(process.env.TMPDIR || tmpdir(), 'vmclone-fix-bench-'))
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      rmSync(work, { recursive: true, force: true })
      process.exit(130)
    })
  try {
    const host = await describeHost(cli)
    const template = await copyTemplate(values.guest ?? (await builtGuest(SCRIPTS)), join(work, 'template'))
    const parts = {}
    const failed = []
    for (const part of chosen) {
      try {
        parts[part] = await PARTS[part][1]({ ...sizes, work, template, cli, host, cores, say })
      } catch (error) {
        // What was measured before it is not lost.
        failed.push(part)
        say(`${part} failed: ${error.message}`)
      }
    }
    return { date: new Date().toISOString().slice(0, 10), host, cores, sizes, parts, failed }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function writePage(run) {
  const [start, end] = ['<!-- table -->', '<!-- end -->']
  const page = await readFile(PAGE, 'utf8')
  const [head, rest] = page.split(start)
  const tail = rest?.split(end)[1]
  if (tail === undefined) throw new Error(`${PAGE} has no ${start} … ${end}`)
  const made = `${markdown(rowsOf(run))}\n\nMeasured on ${run.date}: ${hostLine(run)}`
  await writeFile(PAGE, `${head}${start}\n${made}\n${end}${tail}`)
}

try {
  if (values.help) process.stdout.write(HELP)
  else if (values.docs) await writePage(JSON.parse(await readFile(values.json, 'utf8')))
  else {
    const run = await measure()
    const rows = rowsOf(run)
    await writeFile(values.json, `${JSON.stringify({ ...run, rows }, undefined, 2)}\n`)
    process.stdout.write(`${markdown(rows)}\n\n${hostLine(run)}\n`)
    process.exitCode = run.failed.length > 0 ? 2 : rows.some(({ met }) => met === false) ? 1 : 0
  }
} catch (error) {
  say(error.message)
  process.exitCode = 2
}
