export const RESOLV_CONF = '/etc/resolv.conf'

/** What resolv.conf(5) says, as far as it is edited here. */
export interface ResolvConf {
  readonly nameservers: readonly string[]
  /** Of the last `search` or `domain` line: that one counts. */
  readonly search: readonly string[]
}

const KEY = /^(nameserver|search|domain)[\t-\r ]/

/** Reads byte text; never fails. */
export function readResolvConf(text: string): ResolvConf {
  const nameservers: string[] = []
  let search: readonly string[] = []
  for (const line of linesOf(text)) {
    const key = keyOf(line)
    if (key === 'nameserver') nameservers.push(...wordsOf(line).slice(0, 1))
    else if (key !== undefined) search = wordsOf(line)
  }
  return { nameservers, search }
}

/**
 * Gives the file these name servers and search domains (absent: as they are). Lines whose value does not change,
 * comments and options keep their bytes; new lines stand where the old ones of their kind stood.
 */
export function editResolvConf(
  text: string,
  want: { readonly nameservers?: readonly string[]; readonly search?: readonly string[] },
): string {
  const now = readResolvConf(text)
  let next = text
  if (want.nameservers && !sameList(want.nameservers, now.nameservers))
    next = replaceLines(
      next,
      ['nameserver'],
      want.nameservers.map((one) => `nameserver ${one}`),
    )
  if (want.search && !sameList(want.search, now.search))
    next = replaceLines(
      next,
      ['search', 'domain'],
      want.search.length === 0 ? [] : [`search ${want.search.join(' ')}`],
    )
  return next
}

/** True if both hold the same words in the same order. */
export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
}

function replaceLines(text: string, keys: readonly string[], wanted: readonly string[]): string {
  const lines = linesOf(text)
  const old = (line: string) => keys.includes(keyOf(line) ?? '')
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const at = lines.findIndex(old)
  const rest = lines.filter((line) => !old(line))
  const index = at < 0 ? rest.length : at
  const before = rest.slice(0, index).join('')
  const gap = before === '' || before.endsWith('\n') ? '' : end
  return [before, gap, ...wanted.map((line) => line + end), ...rest.slice(index)].join('')
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** What a line sets; undefined for comments and everything that is not edited here. */
function keyOf(line: string): string | undefined {
  return KEY.exec(line)?.[1]
}

function wordsOf(line: string): string[] {
  return line
    .split(/[\t-\r ]+/)
    .filter((word) => word !== '')
    .slice(1)
}
