import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import type { Event, EventSink } from '../events.ts'
import type { BatchReport } from '../workflow/batch/types.ts'
import { isDescriptor } from './descriptor.ts'
import { countsOf } from './render/batch/closing.ts'
import { visible } from './render/escape.ts'
import type { Terminal } from './terminal.ts'

/** How the file begins. */
export const EVENTS_HEAD = '{"version":1,"type":"begin"'

/** How a run ended. */
export interface Ending {
  readonly exit: number
  readonly report?: BatchReport
  /** What ended the whole run. */
  readonly error?: VmcloneError
}

/** The file of --events: one JSON object a line, written as it happens, so that another program can follow. */
export interface EventsFile {
  readonly onEvent: EventSink
  /** Writes the last line. */
  end(ending: Ending): void
}

/**
 * Opens the file of --events, a new one or in place of an old one, or a pipe that somebody reads. Throws BAD_OPTION if it
 * cannot be; what goes wrong afterwards is told once on stderr and stops nothing.
 */
export function openEvents(file: string, { stderr, cwd }: Pick<Terminal, 'stderr' | 'cwd'>): EventsFile {
  let descriptor = opened(resolve(cwd, file))
  const left: Buffer[] = []
  let behind = 0
  const giveUp = (why: string): void => {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
    stderr.write(`vmclone-fix: --events ends early: ${visible(why)}\n`)
  }
  const put = (line: object): void => {
    if (descriptor === undefined) return
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    left.push(bytes)
    behind += bytes.length
    try {
      for (let first = left[0]; first !== undefined; first = left[0]) {
        const written = writeSync(descriptor, first)
        behind -= written
        if (written < first.length) left[0] = first.subarray(written)
        else left.shift()
      }
    } catch (error) {
      // A pipe whose reader is slow: the next event tries again.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') giveUp((error as Error).message)
      else if (behind > BEHIND) giveUp('its reader is too slow')
    }
  }
  const time = (): string => new Date().toISOString()
  put({ version: 1, type: 'begin', time: time() })
  return {
    onEvent: (event) => put({ time: time(), ...membersOf(event) }),
    end({ exit, report, error }) {
      const counts = report === undefined ? {} : { ...countsOf(report.clones), seconds: report.seconds }
      put({ time: time(), type: 'end', exit, ...counts, ...(error === undefined ? {} : factOf(error)) })
      if (descriptor !== undefined && left.length > 0) giveUp('its reader is too slow')
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}

/** Bytes that may wait for the reader of a pipe. */
const BEHIND = 4 * 1024 * 1024

// Without O_NONBLOCK a pipe that nobody reads would hold up the batch.
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK

function opened(path: string): number | undefined {
  try {
    return openSync(path, FLAGS | (isDescriptor(path) ? constants.O_APPEND : constants.O_TRUNC), 0o644)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const fact = code === 'ENXIO' ? `nobody reads the pipe ${path}` : message
    throw new VmcloneError('BAD_OPTION', `--events: ${fact}`, {
      hint: 'Name a file that can be written, or a pipe that is read.',
      cause,
    })
  }
}

function membersOf(event: Event): object {
  const { type, vmx } = event
  switch (event.type) {
    case 'stage':
      return { type, vmx, stage: event.stage }
    case 'notice':
      return { type, vmx, ...factOf(event.notice) }
    case 'clone':
      return {
        type,
        vmx,
        name: event.name,
        step: event.step,
        ...(event.error === undefined ? {} : factOf(event.error)),
      }
    case 'trace':
      return { type, vmx, message: event.text }
  }
}

function factOf({ code, message, hint }: { code: string; message: string; hint?: string }): object {
  return { code, message, ...(hint === undefined ? {} : { hint }) }
}
