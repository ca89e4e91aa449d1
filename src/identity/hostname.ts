import { VmcloneError } from '../errors/index.ts'
import type { Hostname } from './identity.ts'

/** Longest name Linux can hold (HOST_NAME_MAX), and longest label (RFC 1123), in characters. */
const NAME_LIMIT = 64
const LABEL_LIMIT = 63

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}

/** Why this is no host name or FQDN (RFC 1123, Linux's limit), as a phrase; undefined if it is one. Case does not matter. */
export function hostnameFault(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > NAME_LIMIT)
    return `has ${name.length} characters, and Linux holds at most ${NAME_LIMIT} in a host name`
  const labels = name.split('.')
  if (labels.at(-1) === '') return 'ends in a dot'
  for (const label of labels) {
    if (label === '') return 'has an empty label'
    if (label.length > LABEL_LIMIT)
      return `has a label of ${label.length} characters; the limit is ${LABEL_LIMIT}`
    if (label.includes('_')) return 'has an underscore; letters, digits and "-" are allowed'
    if (!/^[a-z0-9-]+$/i.test(label)) return 'has a character other than letters, digits, "-" and "."'
    if (label.startsWith('-') || label.endsWith('-')) return 'has a label that starts or ends in "-"'
  }
  if (/^\d+$/.test(labels.at(-1) as string)) return 'ends in a number and would be read as an address'
  return undefined
}

/** A host name or FQDN as the user gives it; lower case. Throws BAD_OPTION. */
export function parseHostname(text: string): Hostname {
  const name = text.toLowerCase()
  const fault = hostnameFault(name) ?? (isLocalhost(name) ? 'means every machine itself' : undefined)
  if (fault === undefined) return hostnameOf(name)
  const better = hostLabel(name.replace(/\..*$/, ''))
  throw new VmcloneError('BAD_OPTION', `host name "${text}" ${fault}`, {
    hint: `Give letters, digits and "-", each label at most ${LABEL_LIMIT} long${
      better === undefined || isLocalhost(better) ? '' : `, such as --hostname ${better}`
    }.`,
  })
}

/** A name as a model: the part before the first dot, and the whole if there is a dot. */
export function hostnameOf(name: string): Hostname {
  const dot = name.indexOf('.')
  return dot < 0 ? { short: name } : { short: name.slice(0, dot), fqdn: name }
}

/** A valid label made of a .vmx file's base name: "Clone of Ubuntu 64-bit" gives "clone-of-ubuntu-64-bit". Throws BAD_OPTION. */
export function autoHostname(vmxName: string): Hostname {
  const label = hostLabel(vmxName)
  if (label !== undefined && !isLocalhost(label)) return { short: label }
  throw new VmcloneError('BAD_OPTION', `no host name can be made of the VM's name "${vmxName}"`, {
    hint: 'Name it with --hostname, or give --hostname keep.',
  })
}

/** The name with the domain of the present one, if it has none itself and the present one has. */
export function withDomain(name: Hostname, present: Hostname | undefined): Hostname {
  if (name.fqdn !== undefined || present?.fqdn === undefined) return name
  const fqdn = name.short + present.fqdn.slice(present.fqdn.indexOf('.'))
  return fqdn.length > NAME_LIMIT ? name : { short: name.short, fqdn }
}

/** True for the names that every machine calls itself by. */
export function isLocalhost(name: string): boolean {
  return /^localhost[46]?(\..*)?$/i.test(name)
}

/** A valid label made of any text; undefined if it has no usable letter or digit. */
export function hostLabel(text: string): string | undefined {
  const label = text
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter] as string)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LABEL_LIMIT)
    .replace(/-+$/, '')
  if (label === '') return undefined
  return /^\d+$/.test(label) ? `vm-${label}`.slice(0, LABEL_LIMIT) : label
}
