import type { Notice } from '../../notices.ts'
import { block, item } from './columns.ts'
import { visible } from './escape.ts'
import type { Look } from './paint.ts'

/** What the user should know, each with its hint beneath. */
export function renderNotices(notices: readonly Notice[], { width, paint }: Look): string[] {
  if (notices.length === 0) return []
  const lines = notices.flatMap(({ message, hint }) => [
    ...item(visible(message), width),
    ...(hint === undefined ? [] : block(visible(hint), '    ', width).map((line) => paint('dim', line))),
  ])
  return [paint('bold', 'Good to know'), ...lines, '']
}
