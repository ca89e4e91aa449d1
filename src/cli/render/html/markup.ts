import { visible } from '../escape.ts'

/** How a page begins. */
export const PAGE_HEAD =
  '<!DOCTYPE html>\n<!-- Made by vmclone-fix batch: each run replaces the whole page. -->\n'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Any text as it may stand in an element or a quoted attribute; what is unseen becomes "\x1b" or "\u202e". */
export function text(raw: string): string {
  return entities(visible(raw))
}

/** The same for text whose unseen characters were made visible before; tabs and line ends stay. */
export function entities(shown: string): string {
  return shown.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

/** One of two words by a count. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}
