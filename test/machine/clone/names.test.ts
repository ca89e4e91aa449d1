import { expect, test } from 'vitest'
import { cloneNames } from '../../../src/machine/clone/names.ts'
import { templateOf } from '../../support/template.ts'

test('each file of a clone is named after it', () => {
  const template = templateOf('config.version = "8"\n', { disks: 3 })
  expect(cloneNames(template, 'node1')).toEqual({
    vmx: 'node1.vmx',
    vmxf: 'node1.vmxf',
    vmsd: 'node1.vmsd',
    nvram: 'node1.nvram',
    disks: ['node1.vmdk', 'node1-1.vmdk', 'node1-2.vmdk'],
  })
})

test.each(['node 1', "Bob's", '位', 'a.b', '-x', 'x'.repeat(200)])('%j can be a name', (name) => {
  expect(cloneNames(templateOf(''), name).vmx).toBe(`${name}.vmx`)
})

test.each([
  '',
  '.',
  '..',
  'a/b',
  'a\\b',
  'a"b',
  'nbd:x',
  'a\nb',
  'a\0',
  '.a',
  'x'.repeat(201),
  '位'.repeat(67),
])('%j cannot', (name) => {
  expect(() => cloneNames(templateOf(''), name)).toThrowError(
    expect.objectContaining({ code: 'NAME_UNUSABLE' }),
  )
})
