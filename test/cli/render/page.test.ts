import { createHash } from 'node:crypto'
import { fc, test } from '@fast-check/vitest'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect } from 'vitest'
import { networksOf } from '../../../src/cli/render/html/networks.ts'
import { batchPage } from '../../../src/cli/render/html/page.ts'
import { networkPicture } from '../../../src/cli/render/html/picture.ts'
import { STYLE } from '../../../src/cli/render/html/style.ts'
import type { BatchReport } from '../../../src/workflow/batch/types.ts'
import { BATCH, batch, clone, many, PLAN } from './batches.ts'

const AT = new Date('2026-03-01T12:00:00Z')
const page = (report: BatchReport) => [...batchPage(report, AT)].join('')

describe('the page', () => {
  test.prop([fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })], { numRuns: 200 })(
    'has no other elements whatever a name, a path or a message holds',
    (raw) => {
      const plain = page(batch([hostile('x')]))
      const text = page(batch([hostile(raw)]))
      const tags = (html: string) =>
        html
          .replace(/<style>[\s\S]*?<\/style>/, '')
          .match(/<[^>]*/g)
          ?.map((tag) => tag.split(/[\s>]/)[0])
      expect(tags(text)).toEqual(tags(plain))
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    },
  )

  test('asks for nothing and lets nothing else run', () => {
    const text = page(BATCH)
    expect(text).not.toMatch(/(src|href)=(?!"#)|url\(|@import/)
    expect(text).not.toMatch(/ (style|on\w+)=/)
    const hash = createHash('sha256').update(STYLE).digest('base64')
    expect(text).toContain(`default-src 'none'; style-src 'sha256-${hash}'`)
  })

  test('has no two elements of one id, and each name that is referred to', () => {
    const text = page(PLAN)
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const wanted = [...text.matchAll(/ (?:aria-labelledby="|href="#)([^"]*)"/g)].flatMap(
      ([, id]) => id?.split(' ') ?? [],
    )
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('shows nothing secret', () => {
    expect(page(BATCH)).not.toContain('PRIVATE')
    expect(page(BATCH)).toContain('content not shown')
  })

  test('stays small for very many clones', () => {
    expect(page(many(3000)).length).toBeLessThan(20 * 1024 * 1024)
  })
})

/** One clone of which every text is this one. */
function hostile(raw: string) {
  const one = clone(1, { name: raw, notices: [{ code: 'forced', message: raw, hint: raw }] })
  const change = {
    at: 'guest',
    kind: 'write',
    path: `/${raw}`,
    operation: 'o',
    summary: raw,
    after: Buffer.from(`${'text '.repeat(500)}${raw.replaceAll('\0', '')}x`),
  } as const
  return {
    ...one,
    vmx: raw,
    identity: {
      nics: [{ device: raw, vmnet: raw, mac: raw, ipv4: raw, dns: [] }],
      hostname: raw,
      uuid: raw,
      sshHostKeys: [],
    },
    changes: [change],
    scripts: [{ file: raw, commands: 1 }],
  }
}

describe('the networks', () => {
  test('come by VMnet, with what is known of them', () => {
    expect(networksOf(PLAN).map(({ members, ...facts }) => ({ ...facts, members: members.length }))).toEqual([
      { name: 'vmnet1', subnet: '10.0.0.0/24', members: 3 },
      {
        name: 'vmnet8',
        mode: 'nat',
        subnet: '192.168.8.0/22',
        hostAdapter: '192.168.8.1',
        gateway: '192.168.8.2',
        members: 3,
      },
    ])
  })

  test('come by subnet where no VMnet is known, and by themselves where not even that is', () => {
    const nics = [{ ipv4: '10.1.2.3/16' }, { ipv4: 'dhcp' }, {}].map((nic, index) => ({
      device: `ethernet${index}`,
      dns: [],
      ...nic,
    }))
    expect(
      networksOf(batch([clone(1, { identity: { nics, sshHostKeys: [] } })])).map(({ name }) => name),
    ).toEqual(['10.1.0.0/16', 'Addresses by DHCP', 'Network not known'])
  })

  test('leave out what failed', () => {
    expect(networksOf(BATCH)[0]?.members).toHaveLength(4)
  })

  test.each([BATCH, PLAN, many(300)])(
    'are drawn as well-formed SVG with title and description: case %#',
    (report) => {
      for (const [index, network] of networksOf(report).entries()) {
        const figure = [...networkPicture(network, index)].join('')
        expect(XMLValidator.validate(figure)).toBe(true)
        const { svg } = new XMLParser({ ignoreAttributes: false }).parse(figure).figure as {
          svg: { title: unknown; desc: unknown }[]
        }
        expect(svg.every(({ title, desc }) => title && desc)).toBe(true)
        for (const { clone: name } of network.members.filter((member) => /^node/.test(member.clone))) {
          expect(figure.split(`>${name}</text>`)).toHaveLength(3)
        }
      }
    },
  )
})
