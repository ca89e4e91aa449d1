/** What sshd is told on its command line, as far as it says where it listens. */
export interface SshdArguments {
  /** By -p: with one, Port lines that come after it do not count, nor do those of the file. */
  readonly ports: readonly number[]
  /** By -f: the file that is read in place of sshd_config. */
  readonly config?: string
  /** By -o: lines that come before those of the file, as far as they count. */
  readonly lines: readonly string[]
}

/** Options that take a value, as getopt has them. */
const VALUED = 'CEbcfghkop'

/** Reads the words behind sshd. */
export function readArguments(words: readonly string[]): SshdArguments {
  const ports: number[] = []
  const lines: string[] = []
  let config: string | undefined
  for (const [option, value] of optionsOf(words)) {
    if (option === 'p') ports.push(Number(value))
    else if (option === 'f') config = value
    else if (option === 'o' && (ports.length === 0 || !/^\s*port\b/i.test(value))) lines.push(value)
  }
  return { ports, lines, ...(config === undefined ? {} : { config }) }
}

/** "-Dp 22", "-p22" and "-o Port=22" alike. */
function optionsOf(words: readonly string[]): [option: string, value: string][] {
  const found: [string, string][] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') break
    if (!word.startsWith('-')) continue
    const letters = [...word.slice(1)]
    const valued = letters.findIndex((letter) => VALUED.includes(letter))
    if (valued < 0) continue
    const rest = letters.slice(valued + 1).join('')
    const value = rest === '' ? words[++at] : rest
    if (value !== undefined) found.push([letters[valued] as string, value])
  }
  return found
}
