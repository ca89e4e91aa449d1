import { isMapping, isSequence, type YamlData, type YamlPath } from './yaml-spans.ts'

/**
 * The same data with one place changed: set (undefined takes it out), an item inserted before an index, or a key
 * renamed to the value.
 */
export function editData(
  data: YamlData,
  path: YamlPath,
  value: YamlData | undefined,
  how: 'set' | 'insert' | 'rename' = 'set',
): YamlData {
  const [step, ...rest] = path
  if (step === undefined) return value ?? ''
  if (isMapping(data) && typeof step === 'string') {
    const next = new Map(data)
    if (rest.length > 0) return next.set(step, editData(data.get(step) ?? '', rest, value, how))
    if (how === 'rename') next.set(String(value), data.get(step) ?? '')
    if (how === 'rename' || value === undefined) next.delete(step)
    else next.set(step, value)
    return next
  }
  if (isSequence(data) && typeof step === 'number') {
    if (rest.length > 0) return data.map((item, i) => (i === step ? editData(item, rest, value, how) : item))
    return data.toSpliced(step, how === 'insert' ? 0 : 1, ...(value === undefined ? [] : [value]))
  }
  return data
}
