import type { ByteText } from '../formats/bytes.ts'
import { editLines } from '../formats/lines.ts'
import { hostLabel } from '../identity/hostname.ts'
import type { Rename } from './guest-name.ts'

/** A kind of file in which a guest repeats its own name. */
export interface NameCopy {
  readonly files: readonly string[]
  /** For the report: "mail name". */
  readonly what: string
  edit(text: ByteText, rename: Rename): ByteText
}

const NAME = /[A-Za-z0-9._-]+/g

/** Where guests repeat their name besides /etc/hostname and /etc/hosts. */
export const NAME_COPIES: readonly NameCopy[] = [
  { files: ['/etc/mailname'], what: 'mail name', edit: (text, rename) => text.replace(NAME, rename) },
  {
    files: ['/etc/dhcp/dhclient*.conf', '/etc/dhcp3/dhclient*.conf', '/etc/dhclient*.conf'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*(?:send|supersede)\s+(?:host-name|fqdn\.fqdn)\s+)("[^"\\]*")/),
  },
  {
    files: ['/etc/dhcpcd.conf'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*hostname\s+)(\S+)(?=\s*(?:#.*)?$)/),
  },
  {
    files: ['/etc/sysconfig/network-scripts/ifcfg-*'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*(?:DHCP_HOSTNAME|DHCP_FQDN|HOSTNAME)=)("[^"]*"|'[^']*'|[^\s#]*)/),
  },
  {
    files: ['/etc/sysconfig/network/dhcp', '/etc/sysconfig/network/ifcfg-*'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*DHCLIENT6?_HOSTNAME_OPTION=)("[^"]*"|'[^']*'|[^\s#]*)/),
  },
  {
    files: ['/etc/NetworkManager/system-connections/*'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*dhcp-(?:hostname|fqdn)\s*=\s*)(.*)/),
  },
  {
    files: ['/etc/systemd/network/*.network', '/etc/systemd/network/*.network.d/*.conf'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*Hostname\s*=\s*)(.*)/),
  },
  {
    files: ['/etc/netplan/*.yaml'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s+hostname:\s+)("[^"\\]*"|'[^']*'|[^\s#"']+)/),
  },
  {
    files: ['/etc/network/interfaces', '/etc/network/interfaces.d/*'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s+(?:dhcp-)?hostname\s+)(\S+)(?=\s*$)/),
  },
  {
    files: ['/etc/rc.d/rc.inet1.conf'],
    what: 'name sent to the DHCP server',
    edit: valueIn(/^(\s*DHCP_HOSTNAME\[\d+\]=)("[^"]*"|'[^']*'|[^\s#]*)/),
  },
  {
    files: ['/etc/netctl/*'],
    what: 'transient name',
    edit: valueIn(/^(\s*Hostname=)("[^"]*"|'[^']*'|[^\s#]*)/),
  },
  { files: ['/etc/machine-info'], what: 'pretty name', edit: prettyName },
  { files: ['/etc/postfix/main.cf'], what: 'mail host', edit: postfix },
  {
    files: ['/etc/exim4/update-exim4.conf.conf'],
    what: 'mail host',
    edit: valueIn(/^(\s*dc_other_hostnames=)(.*)/),
  },
]

/** Renames the words in the second group of a line's match. */
function valueIn(pattern: RegExp): NameCopy['edit'] {
  // Few files have such a line.
  const anywhere = new RegExp(pattern.source, 'm')
  const edit = (line: ByteText, rename: Rename) =>
    line.replace(pattern, (_, key: string, value: string) => key + value.replace(NAME, rename))
  return (text, rename) => (anywhere.test(text) ? editLines(text, (line) => edit(line, rename)) : text)
}

/** A pretty name made of the host name, or the other way round ("My Box", my-box), means the host (machine-info(5)). */
function prettyName(text: ByteText, rename: Rename): ByteText {
  return editLines(text, (line) => {
    const start = /^\s*PRETTY_HOSTNAME=["']?/.exec(line)?.[0].length
    if (start === undefined) return line
    const pretty = line.slice(start).trimEnd().replace(/["']$/, '')
    const name = /^[\w.-]*$/.test(pretty) ? pretty : (hostLabel(pretty) ?? pretty)
    const next = rename(name)
    return next === name ? line : line.slice(0, start) + next + line.slice(start + pretty.length)
  })
}

/** main.cf (postconf(5)): a line that starts with a blank continues the one before; comments may stand between. */
function postfix(text: ByteText, rename: Rename): ByteText {
  let ours = false
  return editLines(text, (line) => {
    if (/^\s*(#|$)/.test(line)) return line
    if (!/^\s/.test(line)) ours = /^(myhostname|mydestination|myorigin)\s*=/.test(line)
    if (!ours) return line
    const start = /^\s/.test(line) ? 0 : line.indexOf('=')
    return line.slice(0, start) + line.slice(start).replace(/[^\s,=]+/g, rename)
  })
}
