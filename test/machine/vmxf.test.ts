import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { editVmxf } from '../../src/machine/vmxf.ts'
import { vmxBytes } from '../support/vmx.ts'

const ID = '52 01 02 03 04 05 06 07-08 09 0a 0b 0c 0d 0e 0f'
const identity = { vmId: (index: number) => `${ID}${index || ''}`, vmxName: 'node 1 & <2>.vmx' }
const edit = (text: string) => {
  const after = editVmxf(fromByteText(text), identity)
  return after && toByteText(after)
}

test('id and name of a single VM, nothing else', () => {
  const before = toByteText(vmxBytes('single.vmxf'))
  expect(edit(before)).toBe(
    before
      .replace('52 31 a3 6f 65 e7 ab db-5b 40 4b a2 1c b2 6f 5b', ID)
      .replace('template &amp; base.vmx', 'node 1 &amp; &lt;2&gt;.vmx'),
  )
})

test('several VMs: each its id, names stay', () => {
  const before = toByteText(vmxBytes('team.vmxf'))
  expect(edit(before)).toBe(
    before.replace("<VMId type='string'/>", `<VMId type='string'>${ID}</VMId>`).replace('52 00<', `${ID}1<`),
  )
})

test('twice is once, and a name that is the same already stays as it is written', () => {
  const text = `<Foundry><VM><VMId>x</VMId><vmxPathName>node 1 &#38; &lt;2&gt;.vmx</vmxPathName></VM></Foundry>`
  const same = text.replace('&#38;', '&amp;').replace('&gt;', '>')
  expect(edit(same)).toBe(same.replace('<VMId>x<', `<VMId>${ID}<`))
  const once = edit(text) ?? ''
  expect(edit(once)).toBe(once)
})

test('a byte order mark and > in an attribute', () => {
  const text = '\xef\xbb\xbf<Foundry><VM><VMId type="a>b">1</VMId></VM></Foundry>'
  expect(edit(text)).toBe(text.replace('>1<', `>${ID}<`))
})

test('the encoding that the declaration names', () => {
  const name = { vmId: () => ID, vmxName: '位.vmx' }
  const text = '<?xml version="1.0" encoding="GBK"?><Foundry><VM><vmxPathName>a</vmxPathName></VM></Foundry>'
  expect(toByteText(editVmxf(fromByteText(text), name) as Uint8Array)).toBe(
    text.replace('>a<', '>\xce\xbb.vmx<'),
  )
  expect(editVmxf(fromByteText(text.replace('GBK', 'windows-1252')), name)).toBeUndefined()
})

test.each([
  '',
  'not XML',
  '<Foundry><VM></Foundry>',
  '<Other/>',
  '<!DOCTYPE Foundry [<!ENTITY a "b">]><Foundry><VM><VMId>&a;</VMId></VM></Foundry>',
  '<Foundry><__proto__></Foundry>',
  '\0\0\0',
])('%j is left', (text) => {
  expect(edit(text)).toBeUndefined()
})

test.prop([fc.uint8Array({ maxLength: 200 })])('arbitrary bytes never throw', (bytes) => {
  expect(editVmxf(bytes, identity)).toBeUndefined()
})

test.prop([
  fc.array(
    fc.constantFrom(
      '<!-- c -->',
      '\r\n',
      '<a x="1"/>',
      "<b y='&lt;'>t</b>",
      'text',
      '<![CDATA[<VMId>]]>',
      '\xe9',
    ),
  ),
])('whatever stands around the id stays', (parts) => {
  const around = parts.join('')
  const text = `<?xml version="1.0"?><Foundry>${around}<VM>${around}<VMId>old</VMId>${around}</VM></Foundry>\n`
  expect(edit(text)).toBe(text.replace('<VMId>old<', `<VMId>${ID}<`))
})
