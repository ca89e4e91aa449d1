import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { output } from './run.mjs'

/** The template's directory copied, so that nothing is written into the cache of guests. */
export async function copyTemplate(result, to) {
  const from = join(result, 'template')
  await mkdir(to)
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name))
  return join(to, 'template.vmx')
}

/** The directory that scripts/build-guest made, or makes. */
export async function builtGuest(scripts) {
  const text = await output('bash', [join(scripts, 'build-guest'), '--static'])
  return text.trim().split('\n').at(-1)
}

/** The disk that a .vmx names. */
export async function diskOf(vmx) {
  const name = /^\w+:\d+\.fileName = "(.*\.vmdk)"/m.exec(await readFile(vmx, 'latin1'))?.[1]
  if (name === undefined) throw new Error(`${vmx} names no disk`)
  return join(vmx, '..', name)
}

/** Name and address of a clone by its number, from 0: inside the template's own network if that is a /16. */
export function cloneOf(index) {
  return {
    name: `node${String(index).padStart(5, '0')}`,
    ip: `192.168.${16 + Math.floor(index / 250)}.${1 + (index % 250)}`,
  }
}

/** A table for `vmclone-fix batch`. */
export async function writeTable(file, count) {
  const rows = Array.from({ length: count }, (_, index) => cloneOf(index))
  await writeFile(file, ['name,ip,prefix', ...rows.map(({ name, ip }) => `${name},${ip},16`), ''].join('\n'))
  return file
}

/** Another VM directory that is a copy of the template's, under the name of a clone. */
export async function copyClone(template, to) {
  await mkdir(to)
  const from = join(template, '..')
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name))
  return join(to, basename(template))
}
