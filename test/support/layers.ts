import { dirname, join } from 'node:path/posix'

/** From the bottom up; a file may import from its own layer and from those before it. */
const LAYERS = [
  'foundations',
  'formats',
  'transaction',
  'guest',
  'machine',
  'network',
  'identity',
  'operations',
  'workflow',
  'cli',
] as const

type Layer = (typeof LAYERS)[number]

const FOUNDATIONS = /^(errors\/|events\.ts$|notices\.ts$)/

/** All that operations and dialects see of the guest: plain data, never guestfish. */
const GUEST_DATA = ['guest/tree.ts', 'guest/glob.ts', 'guest/storage-id.ts']

const TERMINAL =
  /(?<![#.\w])process\s*\.\s*(argv|env|exit|exitCode|stdin|stdout|stderr|cwd)\b|(?<![#.\w])console\s*\.|from 'node:process'/

/** What is wrong with one file of src/, given its path below src/ and its text: one sentence each. */
export function layerFaults(path: string, source: string): string[] {
  const layer = layerOf(path)
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const faults: string[] = []
  if (layer === undefined) return [`${path} is in no layer`]
  for (const target of imports(path, code)) {
    const below = layerOf(target)
    if (below === undefined) faults.push(`${path} imports ${target}, which is in no layer`)
    else if (LAYERS.indexOf(below) > LAYERS.indexOf(layer)) faults.push(`${path} imports upwards: ${target}`)
    else if (isPure(layer) && below === 'guest' && !GUEST_DATA.includes(target))
      faults.push(`${path} sees more of the guest than its tree: ${target}`)
  }
  const terminal = TERMINAL.exec(code)
  if (layer !== 'cli' && terminal) faults.push(`${path} knows the terminal: ${terminal[0]}`)
  return faults
}

function layerOf(path: string): Layer | undefined {
  if (FOUNDATIONS.test(path)) return 'foundations'
  // The library offers what the workflow does, and must not need the terminal.
  if (path === 'index.ts') return 'workflow'
  return LAYERS.find((layer) => path.startsWith(`${layer}/`))
}

function isPure(layer: Layer): boolean {
  return layer === 'operations' || layer === 'network'
}

function imports(path: string, code: string): string[] {
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]*)['"]/g)
  return [...found].map((match) => join(dirname(path), match[1] ?? ''))
}
