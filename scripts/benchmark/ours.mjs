import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cloneOf, copyClone, diskOf, writeTable } from './guest.mjs'
import { each, sum, timed } from './run.mjs'

/** One clone fixed in place, beside one virt-customize that does the same edits; in turns. */
export async function runSingle({ work, template, cli, repeat, say }) {
  const directory = join(work, 'single')
  await mkdir(directory)
  const times = []
  for (let index = 0; index < repeat; index++) {
    say(`a single fix: ${index + 1} of ${repeat}`)
    const { name, ip } = cloneOf(index)
    const vmx = await copyClone(template, join(directory, name))
    times.push(await timed(process.execPath, [cli, vmx, '--hostname', name, '--ip', `${ip}/16`]))
    await rm(join(directory, name), { recursive: true })
  }
  return { clones: repeat, ...each(sum(times), repeat) }
}

/** Clones made and fixed by one `vmclone-fix batch`; checked to be there. */
async function batch({ work, template, cli, say }, count, args, what) {
  say(`batch: ${count} ${what}`)
  const to = join(work, 'vms')
  const table = await writeTable(join(work, 'clones.csv'), count)
  const given = [cli, 'batch', table, '--template', template, '--to', to, ...args]
  try {
    const time = await timed(process.execPath, given)
    const made = (await readdir(to)).filter((name) => !name.startsWith('.')).length
    if (made !== count) throw new Error(`${made} clones were made in place of ${count}`)
    return { clones: count, ...time }
  } finally {
    await rm(to, { recursive: true, force: true })
  }
}

/** `few` linked clones, stamped. */
export const runLinked = (given) => batch(given, given.few, ['--clone', 'linked'], 'linked clones')
/** `few` linked clones, each edited in an appliance. */
export const runUnstamped = (given) =>
  batch(given, given.few, ['--clone', 'linked', '--no-stamp'], 'linked clones without stamping')
/** `many` linked clones with new host keys. */
export const runMany = (given) => batch(given, given.many, ['--clone', 'linked'], 'linked clones')
/** `many` linked clones that keep the template's host keys. */
export const runKept = (given) =>
  batch(
    given,
    given.many,
    ['--clone', 'linked', '--ssh-keys', 'keep'],
    'linked clones with the host keys kept',
  )
/** `full` full clones. */
export const runFull = (given) => batch(given, given.full, ['--clone', 'full'], 'full clones')

/** Plain copies of the flattened disk, as many as full clones are made, brought to the disk. */
export async function runCopies({ work, template, full, say }) {
  say(`plain copies: ${full}`)
  const directory = join(work, 'copies')
  await mkdir(directory)
  const disk = await diskOf(template)
  const flat = join(directory, 'flat.vmdk')
  const subformat = /^createType="(\w+)"/m.exec(await head(disk))?.[1]
  const options = ['-o', `subformat=${subformat}`]
  const flattened = await timed('qemu-img', ['convert', '-f', 'vmdk', '-O', 'vmdk', ...options, disk, flat])
  const files = (await readdir(directory)).map((name) => join(directory, name))
  const times = []
  for (let index = 0; index < full; index++) {
    const to = join(directory, String(index))
    await mkdir(to)
    times.push(await timed('cp', ['--reflink=never', ...files, to]))
  }
  // A batch ends when its clones are on the disk.
  times.push(await timed('sync', ['-f', directory]))
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  await rm(directory, { recursive: true })
  const bytes = sizes.reduce((total, size) => total + size, 0)
  return { clones: full, ...sum(times), flattening: flattened.wall, mebibytes: Math.round(bytes / 2 ** 20) }
}

async function head(file) {
  const handle = await open(file)
  const { buffer } = await handle.read({ buffer: Buffer.alloc(4096) })
  await handle.close()
  return buffer.toString('latin1')
}

/** A dry run of a long table, beside one of a single row: the difference is the planning. */
export async function runPlans({ work, template, cli, plans, say }) {
  const dry = async (count) => {
    say(`planning ${count} clones`)
    const table = await writeTable(join(work, 'plans.csv'), count)
    const result = join(work, 'plans.json')
    const out = await open(result, 'w')
    const args = ['batch', table, '--template', template, '--to', join(work, 'plans'), '--dry-run', '--json']
    const time = await timed(process.execPath, [cli, ...args], { stdout: out.fd })
    await out.close()
    // Too long to be parsed as one string when each plan has its diffs.
    const planned = (await readFile(result)).toString('latin1').split('"status": "planned"').length - 1
    await rm(result)
    if (planned !== count) throw new Error(`${planned} clones were planned in place of ${count}`)
    return time
  }
  const one = await dry(1)
  const all = await dry(plans)
  return { clones: plans, ...all, planning: { wall: all.wall - one.wall, cpu: all.cpu - one.cpu } }
}
