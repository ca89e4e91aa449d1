import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseHostsFile } from '../identity/hosts-entry.ts'
import type { CloneRequest, HostsEntry } from '../identity/request.ts'
import type { Values } from './options/given.ts'
import { bad } from './options/parsers.ts'
import { faultOf } from './options/source.ts'
import { type RequestContext, toRequest } from './request.ts'

/** The request, with the files read that options name. Throws VmcloneError that names the option. */
export async function readRequest(values: Values, cwd: string): Promise<CloneRequest> {
  const word = values.hosts?.value.find((one) => typeof one === 'string')
  if (values.hosts !== undefined && word !== undefined) {
    const hint = 'Give an address and its names, such as --hosts "192.168.8.11 node1".'
    throw faultOf(values.hosts.source, bad(`"${word}" is for a batch`, hint))
  }
  return toRequest(values, await readContext(values, cwd))
}

/** What a request needs besides its options. Throws VmcloneError that names the option. */
export async function readContext(values: Values, cwd: string): Promise<RequestContext> {
  const { OPERATION_NAMES } = await import('../operations/index.ts')
  return {
    operations: [...OPERATION_NAMES],
    hostsFrom: await readHosts(values['hosts-from'], cwd),
  }
}

async function readHosts(option: Values['hosts-from'], cwd: string): Promise<HostsEntry[]> {
  if (option === undefined) return []
  const { value: path, source } = option
  let text: string
  try {
    text = await readFile(resolve(cwd, path), 'utf8')
  } catch (cause) {
    throw faultOf(
      source,
      bad(
        `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
        'Give the path of a file in hosts format.',
      ),
    )
  }
  return parseHostsFile(text, path)
}
