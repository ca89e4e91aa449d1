import { domainToASCII } from 'node:url'
import { asVmcloneError, VmcloneError } from '../../errors/index.ts'
import { hostnameFault, parseHostname } from '../../identity/hostname.ts'
import { parseHostsEntry } from '../../identity/hosts-entry.ts'
import { parseMac } from '../../identity/mac.ts'
import type { HostsEntry } from '../../identity/request.ts'
import { parseUuid } from '../../identity/uuid.ts'

/** An error of value: the fact, and what to give instead. */
export function bad(fact: string, hint?: string): VmcloneError {
  return new VmcloneError('BAD_OPTION', fact, hint === undefined ? {} : { hint })
}

/** Words of a switch, in the environment and the configuration file. */
export function toSwitch(text: string): boolean {
  const word = text.toLowerCase()
  if (['true', 'yes', 'on', '1'].includes(word)) return true
  if (['false', 'no', 'off', '0'].includes(word)) return false
  throw bad(`"${text}" is neither true nor false`, 'Give true or false.')
}

/** A parser for one of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): (text: string) => W {
  return (text) => {
    const word = words.find((one) => one === text)
    if (word === undefined)
      throw bad(`"${text}" is none of ${words.join(', ')}`, `Give ${words.join(' or ')}.`)
    return word
  }
}

/** A parser for one of a few words, or what `other` takes; its hint names them too. */
export function oneOfOr<const W extends string, T>(
  words: readonly W[],
  other: (text: string) => T,
): (text: string) => W | T {
  return (text) => {
    const word = words.find((one) => one === text)
    if (word !== undefined) return word
    try {
      return other(text)
    } catch (fault) {
      const { code, message, hint } = asVmcloneError(fault)
      const named = words.some((one) => new RegExp(`\\b${one}\\b`).test(hint))
      throw new VmcloneError(code, message, { hint: named ? hint : `${hint} Or give ${words.join(' or ')}.` })
    }
  }
}

export function toSeconds(text: string): number {
  return wholeNumber(text, 1, 86_400, 'number of seconds')
}

export function toJobs(text: string): number {
  return wholeNumber(text, 1, 256, 'number of appliances')
}

/** One entry for hosts files, or whom a batch names in them. */
export function toHosts(text: string): (HostsEntry | 'all' | 'own')[] {
  return [text === 'all' || text === 'own' ? text : parseHostsEntry(text)]
}

/** A comma list, each part read by `part`. */
export function listOf<T>(part: (text: string) => T): (text: string) => T[] {
  return (text) =>
    text.split(',').map((one) => {
      if (one.trim() === '') throw bad(`"${text}" has an empty part`, 'Separate the parts by single commas.')
      return part(one.trim())
    })
}

/** A DNS search domain. */
export function toDomain(text: string): string {
  const ascii = domainToASCII(text.replace(/\.$/, ''))
  const fault = ascii === '' ? 'is no domain name' : hostnameFault(ascii)
  if (fault !== undefined) throw bad(`the domain "${text}" ${fault}`, 'Give a domain such as example.org.')
  return ascii
}

export const toMac = oneOfOr(['new', 'vmware', 'keep'], parseMac)

export const toUuid = oneOfOr(['new', 'vmware', 'keep'], parseUuid)

/** A host name as it is to be written: lower case, its FQDN if it has one. */
export const toHostname = oneOfOr(['auto', 'keep'], (text) => {
  const { short, fqdn } = parseHostname(text)
  return fqdn ?? short
})

/** The key file of an encrypted volume; the path is as it was given. */
export function toKey(text: string): { device: string; file: string } {
  const [, device, file] =
    /^(\/dev\/[^:]+|all|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):file:(.+)$/is.exec(text) ?? []
  if (device === undefined || file === undefined)
    throw bad(
      'the value is not of the form DEVICE:file:PATH',
      'Give it as in /dev/sda3:file:disk.key or all:file:disk.key.',
    )
  return { device, file: toLine(file) }
}

/** An absolute path in the guest. */
export function toGuestPath(text: string): string {
  if (!text.startsWith('/'))
    throw bad(`"${text}" is no path from the guest’s root`, 'Give one that begins with "/", such as /opt.')
  return toLine(text)
}

/** Text for people or files: not empty, no control characters. */
export function toLine(text: string): string {
  if (text.trim() === '') throw bad('the value is empty', 'Give a value.')
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) {
    throw bad('the value holds a control character', 'Give plain text on one line.')
  }
  return text
}

function wholeNumber(text: string, least: number, most: number, what: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw bad(`"${text}" is no ${what}`, `Give a whole number from ${least} to ${most}.`)
}
