import { isIP } from 'node:net'
import { VmcloneError } from '../errors/index.ts'
import { HostsDocument } from '../formats/hosts.ts'
import { hostnameFault } from './hostname.ts'
import type { HostsEntry } from './request.ts'

/** One entry as --hosts takes it, "IP NAME [ALIAS…]"; names in lower case. Throws BAD_OPTION. */
export function parseHostsEntry(text: string): HostsEntry {
  const [address = '', ...names] = text.trim().split(/\s+/)
  const fault = entryFault(address, names)
  if (fault !== undefined) {
    throw new VmcloneError('BAD_OPTION', `hosts entry "${text}" ${fault}`, {
      hint: 'Give an address and its names, such as --hosts "192.168.8.11 node1".',
    })
  }
  return { address, names: unique(names) }
}

/** The entries of a file in hosts format (hosts(5)); `file` is named in errors. Throws BAD_OPTION with the line. */
export function parseHostsFile(text: string, file: string): HostsEntry[] {
  const source = text.replace(/^\uFEFF/, '')
  const lines = source.split(/\r?\n/)
  return HostsDocument.parse(source)
    .entries()
    .map(({ index, address, names }) => {
      const fault = entryFault(address, names)
      if (fault !== undefined) {
        throw new VmcloneError('BAD_OPTION', `line ${index + 1} of ${file} ${fault}`, {
          position: { file, line: index + 1, text: lines[index] ?? '' },
          hint: 'Each line is an address and its names, such as "192.168.8.11 node1".',
        })
      }
      return { address, names: unique(names) }
    })
}

function entryFault(address: string, names: readonly string[]): string | undefined {
  if (isIP(address) === 0) return `starts with "${address}", which is no IP address`
  if (address.includes('%')) return `has an address with a zone, "${address}"`
  if (names.length === 0) return 'has no name'
  for (const name of names) {
    const fault = hostnameFault(name)
    if (fault !== undefined) return `has the name "${name}", which ${fault}`
  }
  return undefined
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))]
}
