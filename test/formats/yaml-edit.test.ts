import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { editData } from '../../src/formats/yaml-data.ts'
import { insertYaml, removeYaml, renameYaml, setYaml } from '../../src/formats/yaml-edit.ts'
import {
  isMapping,
  isSequence,
  parseYaml,
  printYaml,
  type YamlData,
  type YamlDocument,
  type YamlPath,
  yamlAt,
} from '../../src/formats/yaml-spans.ts'

const map = (...pairs: [string, YamlData][]): YamlData => new Map(pairs)
const edit = (text: string, change: (document: YamlDocument) => YamlDocument) =>
  printYaml(change(parseYaml(text, 'f')))

describe('setYaml', () => {
  it.each([
    ['a: 1 # one\nb: 2\n', 'a: 3 # one\nb: 2\n'],
    ['a:   "1"   # one\n', 'a:   "3"   # one\n'],
    ["{a: '1', b: 2}\n", "{a: '3', b: 2}\n"],
    ['a:\r\nb: 2\r\n', 'a: 3\r\nb: 2\r\n'],
    ['a: [1, # x\n  2]\nb: 2\n', 'a: 3\nb: 2\n'],
    ['a: |\n  1\n  2\n\nb: 2\n', 'a: 3\n\nb: 2\n'],
    ['# head\nb: 2\n# tail', '# head\nb: 2\na: 3\n# tail'],
    ['b: 2', 'b: 2\na: 3'],
    ['{}', '{a: 3}'],
  ])('sets a scalar: %j', (before, after) => {
    expect(edit(before, (document) => setYaml(document, ['a'], '3'))).toBe(after)
  })

  it('puts a new key behind its siblings, in their column', () => {
    const text = 'n:\n    e:\n        x: 1 # c\n        # note\n        y:\n        - 1\n    z: 2\n'
    expect(edit(text, (document) => setYaml(document, ['n', 'e', 'k'], ['a', 'b'], ['x']))).toBe(
      'n:\n    e:\n        x: 1 # c\n        k:\n        - a\n        - b\n        # note\n        y:\n        - 1\n    z: 2\n',
    )
  })

  it('makes mappings on the way, and follows the file in layout', () => {
    const text = 'n:\r\n   e: # main\r\nm: [1]\r\n'
    const value = [map(['to', 'default'], ['via', 'fe80::1'])]
    expect(edit(text, (document) => setYaml(document, ['n', 'e', 'routes'], value))).toBe(
      'n:\r\n   e: # main\r\n      routes:\r\n      - to: default\r\n        via: "fe80::1"\r\nm: [1]\r\n',
    )
  })

  it('writes flow style within flow style', () => {
    expect(
      edit('a: {b: {c: 1}}\n', (document) => setYaml(document, ['a', 'b', 'd'], [map(['x', 'y z'])])),
    ).toBe('a: {b: {c: 1, d: [{x: "y z"}]}}\n')
  })

  it('quotes what a YAML 1.1 reader could take for a number, and leaves plain addresses plain', () => {
    const set = (value: string) =>
      edit('mac: aa:bb:cc:dd:ee:ff\n', (document) => setYaml(document, ['mac'], value))
    expect(set('00:50:56:12:34:56')).toBe('mac: 00:50:56:12:34:56\n')
    expect(set('10:50:56:12:34:56')).toBe('mac: "10:50:56:12:34:56"\n')
  })

  it.each([
    ['an alias', 'x: &x {b: 1}\na: *x\n', ['a', 'b']],
    ['an anchored node', 'a: &x {b: 1}\nc: *x\n', ['a', 'b']],
    ['an anchor inside', 'a: {b: [&x 1, *x]}\n', ['a', 'b']],
    ['a merge', 'x: &x {b: 1}\na:\n  <<: *x\n  c: 1\n', ['a', 'b']],
  ])('refuses %s', (_, text, path) => {
    expect(() => setYaml(parseYaml(text, 'f'), path, 'new')).toThrow(
      expect.objectContaining({ code: 'YAML_UNEDITABLE' }),
    )
  })
})

describe('insertYaml, removeYaml and renameYaml', () => {
  it.each([
    ['a:\n  - 1 # one\n  - 2\n', 0, 'a:\n  - x\n  - 1 # one\n  - 2\n'],
    ['a:\n  - 1 # one\n  - 2', 2, 'a:\n  - 1 # one\n  - 2\n  - x'],
    ['a: [1, 2]\n', 1, 'a: [1, x, 2]\n'],
    ['a: [1, 2,]\n', 2, 'a: [1, 2, x,]\n'],
    ['a: []\n', 0, 'a: [x]\n'],
    ['a:\n- - 1\n', 1, 'a:\n- - 1\n- x\n'],
  ])('inserts into %j at %i', (before, index, after) => {
    expect(edit(before, (document) => insertYaml(document, ['a'], index, 'x'))).toBe(after)
  })

  it.each([
    ['b: 0\na:\n  - 1 # one\n  # two\n  - 2\n', ['a', 0], 'b: 0\na:\n  # two\n  - 2\n'],
    ['a:\n- 1\n', ['a', 0], 'a: []\n'],
    ['a:\n- x: 1\n  y: 2\n', ['a', 0, 'x'], 'a:\n- y: 2\n'],
    ['a: [1, 2, 3]\n', ['a', 0], 'a: [2, 3]\n'],
    ['a: [1, 2, 3]\n', ['a', 2], 'a: [1, 2]\n'],
    ['a: [\n  1, # one\n  2, # two\n]\n', ['a', 0], 'a: [\n  2, # two\n]\n'],
    ['a: [\n  1, # one\n  2, # two\n]\n', ['a', 1], 'a: [\n  1, # one\n]\n'],
    ['a: [\n  1, # one\n  2 # two\n]\n', ['a', 1], 'a: [\n  1 # two\n]\n'],
    ['{a: 1, b: 2}\n', ['a'], '{b: 2}\n'],
    ['a: 1\nb: [\n 1]\n# end\n', ['b'], 'a: 1\n# end\n'],
    ['a: 1\nb: |\n  x\nc: 2', ['b'], 'a: 1\nc: 2'],
  ])('takes out of %j', (before, path, after) => {
    expect(edit(before, (document) => removeYaml(document, path))).toBe(after)
  })

  it('renames a key and keeps its value', () => {
    const text = 'a:\n- "10.0.0.5/24": # old\n    label: x\n'
    expect(edit(text, (document) => renameYaml(document, ['a', 0, '10.0.0.5/24'], '10.0.0.6/8'))).toBe(
      text.replace('10.0.0.5/24', '10.0.0.6/8'),
    )
  })
})

describe('any edit of any document', () => {
  const scalar = fc.constantFrom('1', 'b c', '"q: r"', "'s'", 'x:y', '10.0.0.5/24', '')
  const comment = fc.constantFrom('', ' # note', '   #')
  const flow = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('1', '"q"', "'s'", 'b c'),
      fc.array(tie('node'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(tie('node'), { maxLength: 3 })
        .map((items) => `{ ${items.map((item, i) => `k${i}: ${item}`).join(' , ')} }`),
    ),
  })).node
  type Lines = (indent: string) => string
  const block = fc.letrec<{ node: Lines }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.oneof(scalar, flow), comment).map(
        ([text, note]): Lines =>
          () =>
            ` ${text}${note}`,
      ),
      fc.tuple(fc.array(tie('node'), { minLength: 1, maxLength: 3 }), comment, fc.constantFrom(1, 2, 4)).map(
        ([items, note, step]): Lines =>
          (indent) => {
            const inner = indent + ' '.repeat(step)
            return `${note}\n${items.map((item, i) => `${inner}k${i}:${item(inner)}`).join('\n')}`
          },
      ),
      fc.tuple(fc.array(tie('node'), { minLength: 1, maxLength: 3 }), fc.constantFrom(0, 2)).map(
        ([items, step]): Lines =>
          (indent) => {
            const inner = indent + ' '.repeat(step)
            return `\n${items.map((item) => `${inner}-${item(`${inner} `)}`).join('\n')}`
          },
      ),
    ),
  })).node
  const text = fc
    .tuple(fc.array(block, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([items, end, tail]) => {
      const all = items.map((item, i) => `k${i}:${item('')}\n# between\n`).join('')
      return (tail ? all : all.slice(0, -1)).replaceAll('\n', end)
    })

  function pathsOf(data: YamlData, path: YamlPath = []): YamlPath[] {
    const inner = isMapping(data) ? [...data] : isSequence(data) ? [...data.entries()] : []
    return [path, ...inner.flatMap(([step, value]) => pathsOf(value, [...path, step]))]
  }

  const value = fc.constantFrom<YamlData>(
    'new',
    'a: b',
    'fd00::1',
    ['x', 'y'],
    map(['to', 'default'], ['via', '1.2.3.4']),
    [map(['to', 'x'])],
  )

  test.prop([text, fc.nat(), value], { numRuns: 300 })(
    'says what was wanted, and keeps all other bytes',
    (source, pick, wanted) => {
      const document = parseYaml(source, 'f')
      const paths = pathsOf(document.data).slice(1)
      const path = paths[pick % paths.length] as YamlPath
      const parent = path.slice(0, -1)
      const at = yamlAt(document.data, path)
      const edits: [YamlDocument, YamlData][] = [
        [setYaml(document, path, wanted), editData(document.data, path, wanted)],
      ]
      if (isMapping(at))
        edits.push([
          setYaml(document, [...path, 'new'], wanted),
          editData(document.data, [...path, 'new'], wanted),
        ])
      if (isSequence(at))
        edits.push([
          insertYaml(document, path, pick % (at.length + 1), wanted),
          editData(document.data, [...path, pick % (at.length + 1)], wanted, 'insert'),
        ])
      if (parent.length > 0)
        edits.push([removeYaml(document, path), editData(document.data, path, undefined)])
      for (const [after, expected] of edits) {
        expect(parseYaml(printYaml(after), 'f').data).toEqual(expected)
        const [a, b] = [source.split('# between').length, printYaml(after).split('# between').length]
        expect(b).toBe(a)
      }
    },
  )
})
