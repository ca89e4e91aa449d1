import { rm } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory, temporaryVariable } from '../../src/guest/temporary.ts'
import { scratchDirectory } from '../support/scratch.ts'

const scratch = scratchDirectory()

test.each([
  ['a directory that is not there', `${scratch}/none`, 'ENOENT: no such file or directory'],
  ['a file', '/dev/null', 'ENOTDIR: not a directory'],
])('%s is told with its path', async (_what, TMPDIR, why) => {
  await expect(temporaryDirectory({ TMPDIR })).rejects.toMatchObject({
    code: 'TEMPORARY_UNUSABLE',
    message: `nothing can be made in ${TMPDIR}: ${why}`,
  })
})

test('what is made has an absolute path, for programs that run elsewhere', async () => {
  const made = await temporaryDirectory({ TMPDIR: '.' })
  onTestFinished(() => rm(made, { recursive: true }))
  expect(isAbsolute(made)).toBe(true)
})

test.each([
  [{}, {}],
  [{ TMPDIR: '' }, { TMPDIR: undefined }],
  [{ TMPDIR: 'tmp' }, { TMPDIR: resolve('tmp') }],
  [{ TMPDIR: '/scratch' }, { TMPDIR: '/scratch' }],
])('TMPDIR of %o is handed on as %o', (env, expected) => {
  expect(temporaryVariable(env)).toStrictEqual(expected)
})
