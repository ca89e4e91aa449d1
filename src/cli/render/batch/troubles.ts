import type { BatchReport } from '../../../workflow/batch/types.ts'
import { block, item } from '../columns.ts'
import { visible } from '../escape.ts'
import type { Look } from '../paint.ts'
import { type Group, groupErrors, groupNotices, namesOf } from './group.ts'

/** Sentences of one kind that are shown; the others only differ in their particulars. */
const SENTENCES = 3

const NAMES = 3

/** Which clones failed and why: every one is named. */
export function renderFailures(report: BatchReport, look: Look): string[] {
  const groups = groupErrors(report)
  if (groups.length === 0) return []
  const lines = groups.flatMap(({ code, hint, messages }) => [
    ...messages.flatMap(({ message, clones }) =>
      item(visible(`${clones.join(', ')}: ${message} (${code})`), look.width).map((line) =>
        look.paint('red', line),
      ),
    ),
    ...hintOf(hint, look),
  ])
  return [look.paint('bold', 'Failed'), ...lines, '']
}

/** What the user should know, the same for many clones once. */
export function renderBatchNotices(report: BatchReport, look: Look): string[] {
  const groups = groupNotices(report)
  if (groups.length === 0) return []
  const lines = groups.flatMap((group) => [...sentences(group, look.width), ...hintOf(group.hint, look)])
  return [look.paint('bold', 'Good to know'), ...lines, '']
}

function sentences({ messages }: Group, width: number): string[] {
  const shown = messages.length <= SENTENCES + 1 ? messages : messages.slice(0, SENTENCES)
  const left = messages.slice(shown.length)
  const clones = new Set(left.flatMap((one) => one.clones)).size
  return [
    ...shown.flatMap(({ message, clones }) => item(visible(about(message, clones)), width)),
    ...(left.length === 0 ? [] : item(`and the same of ${clones} more clones`, width)),
  ]
}

function about(message: string, clones: readonly string[]): string {
  if (clones.length === 0) return message
  const count = clones.length > NAMES + 1 ? `${clones.length} clones: ` : ''
  return `${message} (${count}${namesOf(clones, NAMES)})`
}

function hintOf(hint: string | undefined, { width, paint }: Look): string[] {
  return hint === undefined ? [] : block(visible(hint), '    ', width).map((line) => paint('dim', line))
}
