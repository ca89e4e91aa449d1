import { parseMac } from '../../identity/mac.ts'
import { toIp, toIpv4, toIpv4AndPrefix, toIpv6, toIpv6AndPrefix, toNetmask, toPrefix } from './addresses.ts'
import { parseNic } from './nic.ts'
import {
  listOf,
  oneOf,
  oneOfOr,
  toDomain,
  toGuestPath,
  toHostname,
  toHosts,
  toJobs,
  toKey,
  toLine,
  toMac,
  toSeconds,
  toSwitch,
  toUuid,
} from './parsers.ts'
import type { OptionName } from './table.ts'

/**
 * How the text of each option is read; apart from the table, so that --help need not load it. Each throws VmcloneError with
 * the fact. Those of options that repeat give lists, which are joined; those of switches get "true" or "false".
 */
export const PARSERS = {
  ip: toIpv4AndPrefix,
  prefix: toPrefix,
  netmask: toNetmask,
  gateway: oneOfOr(['none'], toIpv4),
  dns: listOf(toIp),
  search: listOf(toDomain),
  ip6: toIpv6AndPrefix,
  gateway6: toIpv6,
  dhcp: toSwitch,
  profile: toLine,
  name: toLine,
  hostname: toHostname,
  mac: toMac,
  'old-mac': parseMac,
  uuid: toUuid,
  'machine-id': oneOf('new', 'keep', 'empty'),
  'ssh-keys': oneOf('new', 'keep', 'delete'),
  nic: (text: string) => [parseNic(text)],
  hosts: toHosts,
  'hosts-out': toLine,
  template: toLine,
  to: toLine,
  clone: oneOf('linked', 'full', 'reflink'),
  seed: toLine,
  resume: toSwitch,
  jobs: toJobs,
  stamp: toSwitch,
  report: toLine,
  events: toLine,
  'hosts-from': toLine,
  with: (text: string) => [toLine(text)],
  key: (text: string) => [toKey(text)],
  enable: listOf(toLine),
  disable: listOf(toLine),
  root: toLine,
  sweep: (text: string) => [toGuestPath(text)],
  'dry-run': toSwitch,
  verify: toSwitch,
  force: toSwitch,
  timeout: toSeconds,
  config: toLine,
  diff: toSwitch,
  json: toSwitch,
  quiet: toSwitch,
  verbose: toSwitch,
} as const satisfies Record<OptionName, (text: string) => unknown>

/** What the text of an option becomes. */
export type Parsed<N extends OptionName> = ReturnType<(typeof PARSERS)[N]>
