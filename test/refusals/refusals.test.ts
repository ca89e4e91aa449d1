import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
// Loaded here: the commands load them when they are needed, which is no part of a test.
import { ERRORS, type ErrorCode } from '../../src/index.ts'
import { expectRefusal, inProcess, Place } from '../support/refusal.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { DISK } from './disk.ts'
import { ELSEWHERE } from './elsewhere.ts'
import { HOST, RIGHTS } from './host.ts'
import { MACHINE } from './machine.ts'
import { NETWORK } from './network.ts'
import { REQUEST } from './request.ts'
import { RUN } from './run.ts'
import { TREE } from './tree.ts'

const HERE = [REQUEST, MACHINE, DISK, NETWORK, TREE, RUN].flat()
const CODES = Object.keys(ERRORS) as ErrorCode[]
const scratch = scratchDirectory()

test.each(HERE)('$code: $when', (refusal) => expectRefusal(refusal, new Place(scratch), inProcess))

describe('every code', () => {
  test('is provoked, here or elsewhere', () => {
    const codes = [
      ...new Set([...HERE, ...HOST, ...RIGHTS].map(({ code }) => code)),
      ...Object.keys(ELSEWHERE),
    ]
    expect(codes.sort()).toEqual([...CODES].sort())
  })

  test.each(Object.entries(ELSEWHERE))('%s is in test/%s', (code, file) => {
    expect(readFileSync(join('test', file), 'utf8')).toMatch(new RegExp(`\\b${code}\\b`))
  })

  test('is thrown by something', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('errors/'))
      .map((name) => readFileSync(join('src', name), 'utf8'))
      .join('\n')
    const thrown = (code: ErrorCode) => code === 'INTERNAL' || sources.includes(`'${code}'`)
    expect(CODES.filter((code) => !thrown(code))).toEqual([])
  })

  test('says what to do in a sentence of its own', () => {
    for (const { meaning, remedy } of Object.values(ERRORS)) {
      expect(meaning).toMatch(/^\S.*\.$/)
      expect(remedy).toMatch(/^[A-Z`].*\.$/)
      expect(remedy).not.toBe(meaning)
    }
  })
})
