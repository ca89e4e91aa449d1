import { isIP } from 'node:net'
import { VmcloneError } from '../errors/index.ts'
import { HostsDocument } from '../formats/hosts.ts'
import { hostnameFault, isLocalhost } from './hostname.ts'
import type { HostsEntry } from './request.ts'

/** 127.0.0.0/8, ::1, and the group addresses that Debian lists. */
const OWN = /^(127\.|::1$|f[ef]0[0-2]::)/i

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

/**
 * The entries of a file in hosts format (hosts(5)); `file` is named in errors. What a machine's own file says of itself
 * is passed over: loopback and multicast addresses. Throws BAD_OPTION with the line.
 */
export function parseHostsFile(text: string, file: string): HostsEntry[] {
  const source = text.replace(/^\uFEFF/, '')
  const lines = source.split(/\r?\n/)
  return HostsDocument.parse(source)
    .entries()
    .filter(({ address }) => !OWN.test(address))
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
    if (isLocalhost(name)) return `has the name "${name}", which means every machine itself`
  }
  return undefined
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))]
}
