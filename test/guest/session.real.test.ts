import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launch } from '../../src/guest/launch.ts'
import { Session } from '../../src/guest/session.ts'
import { outliving, using } from '../support/processes.ts'
import { transpiledSource } from '../support/transpile.ts'

const env = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const drives = [{ path: '/dev/null', format: 'raw', readonly: true }]

test('answers come in order, errors beside their command, and the session goes on', async () => {
  const session = await Session.start({ env })
  const answers = await session.send([
    ['echo', 'one'],
    ['cat', '/x'],
    ['nonsense'],
    ['write', 'few'],
    ['echo', 'two'],
  ])
  expect(answers.map(({ ok, output }) => [ok, output.toString()])).toEqual([
    [true, 'one\n'],
    [false, ''],
    [false, ''],
    [false, ''],
    [true, 'two\n'],
  ])
  expect(answers[1]?.error).toMatch(/call launch before/)
  await expect(session.run('cat', '/x')).rejects.toMatchObject({ code: 'GUESTFISH_FAILED' })
  const many = await session.runAll(Array.from({ length: 3000 }, (_, n) => ['echo', String(n)] as const))
  expect(many.map(String)).toEqual(Array.from({ length: 3000 }, (_, n) => `${n}\n`))
  await session.close()
  expect(existsSync(session.directory)).toBe(false)
  await expect(session.run('echo')).rejects.toMatchObject({ code: 'GUESTFISH_ENDED' })
})

test('a missing guestfish is told with its package', async () => {
  const session = await Session.start({ env: { ...env, PATH: '/nowhere' } })
  await expect(session.run('echo')).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    hint: expect.stringContaining('libguestfs-tools'),
  })
  await session.close()
})

test('a command that takes too long ends the session with all that it started', async () => {
  const session = await Session.start({ env, timeoutSeconds: 1 })
  await session.run('add-drive', '/dev/null', 'format:raw', 'readonly:true')
  await expect(session.run('run')).rejects.toMatchObject({ code: 'GUEST_TIMEOUT' })
  await session.kill()
  expect(using(session.directory)).toEqual([])
})

test('a line of a script that takes too long is told with its place', async () => {
  const session = await Session.start({ env, timeoutSeconds: 1 })
  await session.run('add-drive', '/dev/null', 'format:raw', 'readonly:true')
  await expect(session.line('run at /x/web.gf:3', 'run')).rejects.toMatchObject({
    code: 'GUEST_TIMEOUT',
    message: 'guestfish’s run at /x/web.gf:3 did not end within 1 s',
  })
  await session.kill()
})

test('guestfish that ends by itself is told, not waited for', async () => {
  const session = await Session.start({ env })
  await expect(session.run('exit')).rejects.toMatchObject({ code: 'GUESTFISH_ENDED' })
})

test('an abort ends an appliance in order', async () => {
  const controller = new AbortController()
  const session = await launch({ drives, env, signal: controller.signal })
  expect(using(session.directory).length).toBeGreaterThan(1)
  controller.abort()
  await expect(session.run('sync')).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await session.close()
  expect(using(session.directory)).toEqual([])
})

test.each([
  ['between commands', ''],
  ['while one hangs', `void session.run('debug', 'sh', 'sleep 300').catch(() => undefined)`],
])('nothing runs on after this program was killed %s', async (_, command) => {
  const source = await transpiledSource()
  const script = `
    const { launch } = await import(${JSON.stringify(join(source.directory, 'guest/launch.js'))})
    const session = await launch({ drives: ${JSON.stringify(drives)}, env: process.env })
    ${command}
    setTimeout(() => console.log(session.directory), 500)
    setInterval(() => undefined, 1000)`
  expect(await outliving(script, env)).toEqual([])
  await source.remove()
})
