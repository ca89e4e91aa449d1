/** Why a line of guestfish cannot be read, as a phrase behind its place. */
export interface Unreadable {
  readonly fault: string
}

/** A command of guestfish as it stands in a script. */
export interface Words {
  readonly name: string
  readonly args: readonly string[]
  /** True if an unquoted "|" hands the output to a program of the host. */
  readonly piped: boolean
}

/**
 * Takes a line apart as guestfish does: blanks between arguments, quotes only around whole ones, a backslash only
 * within double quotes. Escapes stay as they are, for nobody needs to know what they stand for.
 */
export function wordsOf(line: string): Words | Unreadable {
  const name = /^[^ \t]+/.exec(line)?.[0] ?? ''
  const args: string[] = []
  let rest = line.slice(name.length)
  for (;;) {
    rest = rest.replace(/^[ \t]+/, '')
    if (rest === '') return { name, args, piped: false }
    if (rest.startsWith('|')) return { name, args, piped: true }
    const [whole, double, single, plain] = ARGUMENT.exec(rest) ?? []
    if (whole === undefined) return { fault: 'has a quote that does not end' }
    args.push(double ?? single ?? plain ?? '')
    rest = rest.slice(whole.length)
    if (rest !== '' && !/^[ \t]/.test(rest)) return { fault: 'has text right behind a quote' }
  }
}

const ARGUMENT = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^"' \t][^ \t]*))/s
