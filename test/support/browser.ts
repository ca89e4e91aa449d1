import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { execa } from 'execa'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-pipe',
]

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}

type Send = (method: string, params?: object) => Promise<Readonly<Record<string, unknown>>>

/** One page in headless Chromium, spoken to by the DevTools protocol over a pipe: no port, no network. */
export interface Browser {
  readonly send: Send
  /** Loads a file; gives what the console and the log said, and the addresses that were asked for besides it. */
  load(path: string): Promise<{ said: string[]; asked: string[] }>
  /** Width in CSS pixels, height, and "light" or "dark". */
  resize(width: number, height: number, scheme?: 'light' | 'dark'): Promise<void>
  /** Value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>
  /** The whole page as PNG. */
  screenshot(): Promise<Buffer>
  print(): Promise<Buffer>
  close(): Promise<void>
}

export async function openBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'))
  const child = execa('chromium', [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    reject: false,
    buffer: false,
  })
  const { send, on } = speak(child.stdio[3] as unknown as Writable, child.stdio[4] as unknown as Readable)
  const { targetInfos } = (await send('Target.getTargets')) as {
    targetInfos: { targetId: string; type: string }[]
  }
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  const page: Send = (method, params = {}) => send(method, { ...params, sessionId })
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page(`${domain}.enable`)
  return {
    send: page,
    async load(path) {
      const [said, asked]: [string[], string[]] = [[], []]
      const address = `file://${path}`
      const loaded = new Promise<void>((resolve) => {
        on((method, params) => {
          if (method === 'Page.loadEventFired') resolve()
          if (/^(Runtime\.(consoleAPICalled|exceptionThrown)|Log\.entryAdded)$/.test(method))
            said.push(JSON.stringify(params))
          const { url } = (params.request ?? {}) as { url?: string }
          if (method === 'Network.requestWillBeSent' && url !== undefined && url !== address) asked.push(url)
        })
      })
      await page('Page.navigate', { url: address })
      await loaded
      return { said, asked }
    },
    async resize(width, height, scheme = 'light') {
      await page('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: width < 600,
      })
      await page('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      })
    },
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await page('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      })
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
      return (result as { value: T }).value
    },
    screenshot: async () => bytes(await page('Page.captureScreenshot', { captureBeyondViewport: true })),
    print: async () =>
      bytes(await page('Page.printToPDF', { printBackground: true, preferCSSPageSize: true })),
    async close() {
      await send('Browser.close').catch(() => {})
      await child
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function bytes({ data }: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(data as string, 'base64')
}

/** Messages in JSON with a NUL behind each; `sessionId` among the parameters addresses one page. */
function speak(
  to: Writable,
  from: Readable,
): { send: Send; on(heard: (method: string, params: NonNullable<Message['params']>) => void): void } {
  const waiting = new Map<number, (message: Message) => void>()
  let heard = (_method: string, _params: NonNullable<Message['params']>): void => {}
  let [id, rest] = [0, '']
  from.setEncoding('utf8')
  from.on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const message = JSON.parse(part) as Message
      if (message.id !== undefined) waiting.get(message.id)?.(message)
      else if (message.method !== undefined) heard(message.method, message.params ?? {})
    }
  })
  return {
    on: (listener) => {
      heard = listener
    },
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const { sessionId, ...own } = params as { sessionId?: string }
        waiting.set(++id, ({ result, error }) =>
          error === undefined ? resolve(result ?? {}) : reject(new Error(`${method}: ${error.message}`)),
        )
        to.write(
          `${JSON.stringify({ id, method, params: own, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
        )
      }),
  }
}
