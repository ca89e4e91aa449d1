import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { writeAll } from '../../src/cli/write.ts'

const piece = 'x'.repeat(1000)

function* pieces(count: number, made: { count: number }): Generator<string> {
  for (; made.count < count; made.count++) yield piece
}

describe('writeAll', () => {
  test('makes no more than its reader takes', async () => {
    const made = { count: 0 }
    const taken: string[] = []
    let most = 0
    const slow = new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        taken.push(text)
        most = Math.max(most, made.count - taken.join('').length / 1000)
        setTimeout(done, 5)
      },
    })
    await writeAll(slow, pieces(1000, made))
    await new Promise<void>((resolve) => slow.end(resolve))
    expect(taken.join('')).toBe(piece.repeat(1000))
    expect(most).toBeLessThan(140)
  })

  test('ends when its reader goes away', async () => {
    const made = { count: 0 }
    const gone = new Writable({ write: (_text, _encoding, done) => done(new Error('EPIPE')) })
    gone.on('error', () => {})
    await writeAll(gone, pieces(100_000, made))
    expect(made.count).toBeLessThan(300)
  })

  test('writes to what is no stream', async () => {
    let text = ''
    await writeAll({ write: (part) => (text += part) }, ['a', Buffer.from('ü'), 'b'])
    expect(text).toBe('aüb')
  })
})
