/** Breaks text at spaces into lines of at most `width` columns; a word that is longer stands alone. */
export function wrap(text: string, width: number, measure = (part: string) => part.length): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && measure(longer) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

/** Wraps text behind a first column: the label on the first line, blanks on the others. */
export function hang(label: string, text: string, width: number, measure?: (part: string) => number): string {
  const indent = ' '.repeat(label.length)
  return wrap(text, Math.max(20, width - label.length), measure)
    .map((line, index) => (index === 0 ? label : indent) + line)
    .join('\n')
}
