import { expect, test } from 'vitest'
import { fromByteText } from '../../src/formats/bytes.ts'
import { readYaml, writeYaml } from '../../src/formats/yaml-bytes.ts'
import { setYaml } from '../../src/formats/yaml-edit.ts'
import { parseYaml } from '../../src/formats/yaml-spans.ts'

const bytes = fromByteText('network:\n  version: 2\n')

test('the same bytes are parsed once, under each name', () => {
  const document = readYaml(bytes, 'a.yaml')
  expect(readYaml(bytes, 'a.yaml')).toBe(document)
  expect(readYaml(bytes, 'b.yaml')).toEqual({ ...document, file: 'b.yaml' })
})

test('a fault is told under the name that was asked for', () => {
  const broken = fromByteText('a: [\n')
  for (const file of ['a.yaml', 'b.yaml']) expect(() => readYaml(broken, file)).toThrow(`${file}:`)
})

test('what was edited and written is read as it is', () => {
  const edited = setYaml(readYaml(bytes, 'a.yaml'), ['network', 'renderer'], 'networkd')
  const written = writeYaml(edited)
  expect(readYaml(written, 'a.yaml')).toBe(edited)
  expect(parseYaml(Buffer.from(written).toString('latin1'), 'a.yaml').data).toEqual(edited.data)
})
