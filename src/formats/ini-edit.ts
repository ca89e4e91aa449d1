import {
  type IniDocument,
  type IniEntry,
  iniEntries,
  iniSections,
  parseIni,
  printIni,
} from './ini-document.ts'

/** A key and its value as they are to be written. */
export type IniPair = readonly [key: string, value: string]

/**
 * Puts pairs in place of the entries that `select` takes, in order: an entry that has its pair already keeps its bytes,
 * one with another value keeps its place and spelling, surplus entries go, further pairs follow the last one; without
 * any, they follow the last entry of section `home` that has a key of `after`, or the header. All other lines stay.
 * Throws RangeError if there is nothing to follow.
 */
export function replaceEntries(
  document: IniDocument,
  select: (entry: IniEntry) => boolean,
  pairs: readonly IniPair[],
  home: number,
  after: readonly string[] = [],
): IniDocument {
  const old = iniEntries(document).filter(select)
  const raws = document.lines.map((line) => line.raw)
  old.forEach((entry, i) => {
    const pair = pairs[i]
    raws[entry.line] = pair ? withPair(raws[entry.line] as string, entry, pair) : ''
  })
  const more = pairs.slice(old.length)
  if (more.length > 0) {
    const anchor = old.at(-1)?.line ?? anchorOf(document, home, after)
    const end = lineEnd(document)
    const raw = raws[anchor] as string
    const indent = /^[ \t]*/.exec(raw)?.[0] ?? ''
    const lines = more.map(([key, value]) => `${indent}${key}=${value}`)
    raws[anchor] = /\n$/.test(raw)
      ? raw + lines.map((line) => line + end).join('')
      : raw + lines.map((line) => end + line).join('')
  }
  return reparse(document, raws)
}

/** Adds a section at the end, a blank line before it. Its ordinal is the last. */
export function addSection(document: IniDocument, name: string, pairs: readonly IniPair[]): IniDocument {
  const text = printIni(document)
  const end = lineEnd(document)
  const closed = text === '' || text.endsWith('\n') ? text : text + end
  const gap = closed === '' || document.lines.at(-1)?.kind === 'blank' ? '' : end
  const lines = [`[${name}]`, ...pairs.map(([key, value]) => `${key}=${value}`)]
  return parseIni(closed + gap + lines.map((line) => line + end).join(''), document.syntax)
}

/** Takes out a section: its header, its entries and the blank lines behind them; comments stay. */
export function removeSection(document: IniDocument, ordinal: number): IniDocument {
  const section = iniSections(document)[ordinal]
  if (!section) throw new RangeError(`no section ${ordinal}`)
  const last = iniEntries(document).findLast((entry) => entry.ordinal === ordinal)?.line ?? section.header
  const gone = (i: number): boolean => {
    const kind = document.lines[i]?.kind
    if (i === section.header || (i > section.header && i < section.end && kind === 'entry')) return true
    if (kind !== 'blank') return false
    const stretch = document.lines.slice(last + 1, i)
    return i > last && i < section.end && stretch.every((line) => line.kind === 'blank')
  }
  return reparse(
    document,
    document.lines.map((line, i) => (gone(i) ? '' : line.raw)),
  )
}

function withPair(raw: string, entry: IniEntry, [key, value]: IniPair): string {
  if (entry.key === key && entry.value === value) return raw
  const spelled = /^([ \t]*)[^=\n]*?([ \t]*=[ \t]*)[^\n]*?([ \t]*)(\r?\n|$)$/.exec(raw)
  if (spelled) return `${spelled[1]}${key}${spelled[2]}${value}${spelled[4]}`
  return `${/^[ \t]*/.exec(raw)?.[0] ?? ''}${key}=${value}${/\r?\n$/.exec(raw)?.[0] ?? ''}`
}

function anchorOf(document: IniDocument, home: number, after: readonly string[]): number {
  const section = iniSections(document)[home]
  if (!section) throw new RangeError(`no section ${home}`)
  const anchors = iniEntries(document).filter((one) => one.ordinal === home && after.includes(one.key))
  return anchors.at(-1)?.line ?? section.header
}

function lineEnd(document: IniDocument): string {
  return document.lines.map(({ raw }) => /\r?\n$/.exec(raw)?.[0]).find((end) => end !== undefined) ?? '\n'
}

function reparse(document: IniDocument, raws: readonly string[]): IniDocument {
  return parseIni(raws.join(''), document.syntax)
}
