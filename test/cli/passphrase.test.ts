import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { readPassphrase } from '../../src/cli/passphrase.ts'

class Keys extends EventEmitter {
  readonly modes: boolean[] = []
  setRawMode(raw: boolean): void {
    this.modes.push(raw)
  }
  resume(): void {}
  pause(): void {}
}

async function typed(...chunks: (string | Buffer)[]): Promise<string | undefined> {
  const keys = new Keys()
  const answer = readPassphrase(keys, new AbortController().signal)
  for (const chunk of chunks) keys.emit('data', Buffer.from(chunk))
  const bytes = await answer
  expect(keys.modes).toEqual([true, false])
  expect(keys.listenerCount('data')).toBe(0)
  return bytes && Buffer.from(bytes).toString()
}

test.for([
  [['correct horse\r'], 'correct horse'],
  [['c', 'o', '\n'], 'co'],
  [['gré', '\x7f', 'é', '\r'], 'gré'],
  [['\x08wrong\x15right\r'], 'right'],
  [['a', '\x1b[D', 'b\r'], 'ab'],
  [['\r'], ''],
  [['\x04'], undefined],
] as const)('%j is read as %s', async ([chunks, expected]) => {
  expect(await typed(...chunks)).toBe(expected)
})

test('an interruption ends the reading', async () => {
  const controller = new AbortController()
  const keys = new Keys()
  const answer = readPassphrase(keys, controller.signal)
  controller.abort()
  expect(await answer).toBeUndefined()
  expect(keys.modes).toEqual([true, false])
})
