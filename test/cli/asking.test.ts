import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { askOn } from '../../src/cli/progress/ask.ts'
import { asking } from '../../src/cli/run-options.ts'

class Keys extends EventEmitter {
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
}

test('of clones that are worked on at a time, one after the other is asked for, each by its name', async () => {
  const keyboard = new Keys()
  let shown = ''
  const stderr = { isTTY: true, write: (text: string) => (shown += text) }
  const terminal = { stdout: stderr, stderr, keyboard, environment: {}, cwd: '/' }
  const { signal } = new AbortController()
  const progress = { onEvent: () => {}, ask: askOn(stderr), end: async () => {} }
  const { askKey } = asking({ operands: [], values: {}, terminal, signal }, progress)
  const answers = ['a/a.vmx', 'b/b.vmx'].map((vmx) => askKey?.({ device: '/dev/sda1', vmx }, 1))
  for (const [asked, line] of ['of a/a.vmx: ', 'of b/b.vmx: '].map((text, index) => [text, `${index}\r`])) {
    while (!shown.endsWith(`/dev/sda1 ${asked}`) || keyboard.listenerCount('data') === 0) await setImmediate()
    expect(keyboard.listenerCount('data')).toBe(1)
    keyboard.emit('data', Buffer.from(line ?? ''))
  }
  const texts = (await Promise.all(answers)).map((bytes) => bytes && Buffer.from(bytes).toString())
  expect(texts).toEqual(['0', '1'])
})
