import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { batchPage } from '../../../src/cli/render/html/page.ts'
import { type Browser, openBrowser } from '../../support/browser.ts'
import { BATCH, many, PLAN } from './batches.ts'

const PAGES = { mixed: BATCH, plan: PLAN, many: many(300) }

let directory: string
let browser: Browser

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'page-'))
  for (const [name, report] of Object.entries(PAGES)) {
    await writeFile(join(directory, `${name}.html`), [...batchPage(report, new Date())].join(''))
  }
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await rm(directory, { recursive: true, force: true })
})

const pages = Object.keys(PAGES)

describe.each(pages)('the page %s in Chromium', (name) => {
  test.each([360, 800, 1280])(
    'at %i pixels has no overflow, complains of nothing and asks for nothing',
    async (width) => {
      await browser.resize(width, 800)
      expect(await browser.load(join(directory, `${name}.html`))).toEqual({ said: [], asked: [] })
      expect(await browser.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await browser.evaluate('document.querySelectorAll("script").length')).toBe(1)
      expect(await browser.evaluate(VISIBLE_SVGS)).toBe(true)
      expect(await browser.evaluate(FITTING_TEXTS)).toEqual([])
    },
  )

  test('breaks no short name in two where there is a table', async () => {
    await browser.resize(970, 800)
    await browser.load(join(directory, `${name}.html`))
    expect(await browser.evaluate(BROKEN_NAMES)).toEqual([])
  })

  test.each(['light', 'dark'] as const)('has enough contrast when it is %s', async (scheme) => {
    await browser.resize(1280, 800, scheme)
    await browser.load(join(directory, `${name}.html`))
    await browser.evaluate(
      'document.querySelectorAll("details").forEach((one, index) => { one.open = index < 4 })',
    )
    expect(await browser.evaluate(POOR_CONTRASTS)).toEqual([])
  })
})

/** Names in the first column, without blanks or hyphens, that stand on more than one line. */
const BROKEN_NAMES = `[...document.querySelectorAll('tbody th')].filter((cell) => {
  const range = document.createRange()
  range.selectNodeContents(cell)
  return /^[a-z0-9]{1,16}$/.test(cell.textContent) && range.getClientRects().length > 1
}).map((cell) => cell.textContent)`

/** Of the two drawings of a network one is shown. */
const VISIBLE_SVGS = `[...document.querySelectorAll('figure')].every((figure) =>
  new Set([...figure.querySelectorAll('svg')].filter((svg) => svg.getClientRects().length > 0).map((svg) => svg.className.baseVal)).size === 1)`

/** Texts of the drawings that are longer than their box. */
const FITTING_TEXTS = `[...document.querySelectorAll('svg text')].filter((text) => {
  const box = text.getBoundingClientRect()
  const rect = text.closest('svg').getBoundingClientRect()
  return box.width > 0 && (box.right > rect.right + 1 || box.width > rect.width)
}).map((text) => text.textContent)`

/** Texts with a contrast below 4.5 to what they stand on (WCAG 2.1, 1.4.3). */
const POOR_CONTRASTS = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const light = (colour) => parts(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor
      if ((parts(colour)[3] ?? 1) > 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const found = new Set()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.data.trim() === '' || element.closest('script, title, desc') || element.getClientRects().length === 0) continue
    const style = getComputedStyle(element)
    const svg = element.closest('svg')
    let behind = ground(element)
    if (svg) {
      let box = element.previousElementSibling
      while (box && box.tagName !== 'rect') box = box.previousElementSibling
      behind = getComputedStyle(box).fill
    }
    const [a, b] = [light(svg ? style.fill : style.color), light(behind)].sort((x, y) => y - x)
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(element.tagName + ' ' + element.className + ': ' + node.data.slice(0, 30))
  }
  return [...found]
})()`

test('the table can be filtered and sorted', async () => {
  await browser.resize(1280, 800)
  await browser.load(join(directory, 'many.html'))
  const names =
    '[...document.querySelectorAll("#identities tbody:not([hidden]) th")].map((one) => one.textContent)'
  await browser.evaluate(
    '{ const field = document.querySelector("input"); field.value = "node30"; field.dispatchEvent(new Event("input")) }',
  )
  expect(await browser.evaluate(names)).toEqual(['node30', 'node300'])
  expect(await browser.evaluate('document.querySelector("output").textContent')).toBe('2 of 300')
  await browser.evaluate('for (const _ of [1, 2]) document.querySelector("#identities thead button").click()')
  expect(await browser.evaluate(names)).toEqual(['node300', 'node30'])
})

test('what is hostile does nothing', async () => {
  await browser.load(join(directory, 'mixed.html'))
  expect(
    await browser.evaluate('document.querySelector("#identities tbody:nth-of-type(4) th").textContent'),
  ).toBe('<script>alert(1)</script>"\'&\\u202e\\x1b[2J')
})

test('is printed without the differences that are closed', async () => {
  await browser.load(join(directory, 'many.html'))
  const pdf = await browser.print()
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThan(60)
})
