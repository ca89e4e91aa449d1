import {
  isMapping,
  isSequence,
  type YamlData,
  type YamlMapping,
  type YamlPath,
  yamlAt,
} from '../../../formats/yaml-spans.ts'
import type { NetplanFile } from './files.ts'

/** Kinds of interfaces that can carry a clone's address. */
const TYPES = ['ethernets', 'bonds', 'bridges', 'vlans'] as const

export type DefinitionType = (typeof TYPES)[number]

/** What one file says of an interface. */
export interface Part {
  /** Index of the file. */
  readonly file: number
  /** Where its mapping stands in the file. */
  readonly path: YamlPath
  readonly value: YamlMapping
}

/** One interface, by all that the files say of it. */
export interface Definition {
  readonly type: DefinitionType
  readonly id: string
  /** In the order in which netplan merges them; at least one. */
  readonly parts: readonly Part[]
}

/** One item of a list, which netplan puts together from all files. */
export interface Item {
  readonly part: Part
  /** In the list of that part. */
  readonly index: number
  readonly value: YamlData
}

/** Every interface that the files define, in the order in which they first name it. */
export function definitionsOf(files: readonly NetplanFile[]): Definition[] {
  const found = new Map<string, Definition & { parts: Part[] }>()
  files.forEach(({ document, root }, file) => {
    for (const type of TYPES) {
      const group = yamlAt(document.data, [...root, type])
      for (const [id, value] of isMapping(group) ? group : []) {
        if (id === 'renderer' || (value !== '' && !isMapping(value))) continue
        const key = `${type}\0${id}`
        const definition = found.get(key) ?? { type, id, parts: [] }
        const part = { file, path: [...root, type, id], value: isMapping(value) ? value : new Map() }
        found.set(key, { ...definition, parts: [...definition.parts, part] })
      }
    }
  })
  return [...found.values()]
}

/** Parts in which there is something at these keys. */
export function partsWith({ parts }: Definition, keys: readonly string[]): Part[] {
  return parts.filter((part) => yamlAt(part.value, keys) !== undefined)
}

/** The scalar in force: the last file that has it wins. */
export function scalarOf(definition: Definition, ...keys: string[]): string | undefined {
  return definition.parts
    .map((part) => yamlAt(part.value, keys))
    .findLast((value): value is string => typeof value === 'string' && value !== '')
}

/** Who sets the interface up: "networkd" unless the interface, its group or the whole says otherwise. */
export function rendererOf(files: readonly NetplanFile[], definition: Definition): string {
  const said = [['renderer'], [definition.type, 'renderer']].flatMap((keys) =>
    files.map(({ document, root }) => yamlAt(document.data, [...root, ...keys])),
  )
  const whole = said.findLast((value) => typeof value === 'string' && value !== '')
  return scalarOf(definition, 'renderer') ?? (typeof whole === 'string' ? whole : 'networkd')
}

/** Items of a list from all files. */
export function itemsOf({ parts }: Definition, ...keys: string[]): Item[] {
  return parts.flatMap((part) => {
    const list = yamlAt(part.value, keys)
    return isSequence(list) ? list.map((value, index) => ({ part, index, value })) : []
  })
}

/** Scalars of a list from all files. */
export function textsOf(definition: Definition, ...keys: string[]): string[] {
  return itemsOf(definition, ...keys).flatMap(({ value }) => (typeof value === 'string' ? [value] : []))
}

/** Keys of the NetworkManager connection that netplan passes through, by their names there ("ipv4.method"). */
export function passedThrough(definition: Definition): Map<string, string> {
  const found = new Map<string, string>()
  for (const { value } of definition.parts) {
    const passed = yamlAt(value, PASSTHROUGH)
    for (const [key, one] of isMapping(passed) ? passed : []) if (typeof one === 'string') found.set(key, one)
  }
  return found
}

export const PASSTHROUGH: readonly string[] = ['networkmanager', 'passthrough']
