import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// bash's own `time` counts what its children and theirs used, and needs no further package.
const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>&2 2>"$TIMES"'

/** Runs a program to its end; throws if it fails. `peak`: resident MiB at most of the program itself, without its children. */
export async function timed(program, args, { stdout = 'ignore', env = {}, cwd } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'bench-times-'))
  try {
    const times = join(directory, 'times')
    const child = spawn('bash', ['-c', TIMED, 'bash', program, ...args], {
      stdio: ['ignore', stdout, 'pipe'],
      env: { ...process.env, ...env, TIMES: times },
      cwd,
    })
    let said = ''
    child.stderr.on('data', (data) => {
      said = (said + data).slice(-4000)
    })
    let peak = 0
    const poll = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid))
    }, 50)
    const status = await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    clearInterval(poll)
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${said}`)
    const [wall, user, system] = (await readFile(times, 'utf8')).trim().split(' ').map(Number)
    return { wall, cpu: user + system, peak }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** MiB that the only child of this process has held at most; 0 if there is none (any more). */
function peakOf(parent) {
  try {
    const [child] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'latin1').split(' ')
    const kib = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child}/status`, 'latin1'))?.[1]
    return Number(kib ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Output of a program that is quickly done. */
export async function output(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (data) => {
    text += data
  })
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return text
}

/** Sum of several times, as one. */
export function sum(times) {
  const add = (key) => times.reduce((total, time) => total + time[key], 0)
  return { wall: add('wall'), cpu: add('cpu'), peak: Math.max(...times.map(({ peak }) => peak)) }
}

/** The time of one of `count`. */
export function each({ wall, cpu, peak }, count) {
  return { wall: wall / count, cpu: cpu / count, peak }
}
