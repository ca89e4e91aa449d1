import type { ByteText } from '../../formats/bytes.ts'
import { type XmlElement, xmlAttribute, xmlElements } from '../../formats/xml-elements.ts'
import { insertXmlChild } from '../../formats/xml-insert.ts'
import type { GuestTree } from '../../guest/tree.ts'
import { startsAtBoot } from '../../network/services.ts'
import { textChange } from '../../network/text-change.ts'
import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import { NOTHING } from '../operation.ts'
import { type Firewall, firewallLeft, purposeOf, standsInTheWay } from './firewall.ts'
import { directTurnsAway } from './firewalld-direct.ts'
import { zonesInUse } from './firewalld-zones.ts'

const OWN = '/etc/firewalld'
const VENDOR = '/usr/lib/firewalld'
const CONF = `${OWN}/firewalld.conf`
const DIRECT = `${OWN}/direct.xml`

/** firewalld: the zone that an interface is in lets the service or the port in. */
export const firewalld: Firewall = {
  reads: [
    CONF,
    DIRECT,
    ...[OWN, VENDOR].flatMap((place) => [`${place}/zones/*.xml`, `${place}/services/ssh.xml`]),
  ],
  open({ guest }, ports) {
    const { tree } = guest
    if (startsAtBoot(tree, 'firewalld') === undefined) return NOTHING
    const changes: Change[] = []
    const blocked = ports.find((port) => directTurnsAway(tree.text(DIRECT) ?? '', port))
    const notices: Notice[] = blocked === undefined ? [] : [standsInTheWay(DIRECT, blocked)]
    for (const zone of zonesInUse(guest)) {
      const text = fileIn(tree, `zones/${zone}.xml`)
      const next = text === undefined ? undefined : opened(tree, text, ports)
      if (next === undefined)
        notices.push(
          firewallLeft('firewalld', `its zone ${zone} cannot be read, or rejects by rules of its own`),
        )
      else if (next !== text)
        changes.push(...textChange(tree, `${OWN}/zones/${zone}.xml`, next, purposeOf(ports), NEW))
    }
    return { changes, notices }
  },
}

const NEW = { labelLike: CONF, labelType: 'firewalld_etc_rw_t' }

/** A zone that lets these ports in; undefined if it is not known whether it would. */
function opened(tree: GuestTree, text: ByteText, ports: readonly number[]): ByteText | undefined {
  const service = servicePorts(tree)
  let now = text
  for (const port of ports) {
    const zone = rootOf(now, 'zone')
    if (zone === undefined || rejects(zone)) return undefined
    if (xmlAttribute(now, zone, 'target') === 'ACCEPT' || letsIn(now, zone, port, service)) continue
    const [xml, names] = service.some((range) => covers(range, port))
      ? ['<service name="ssh"/>', ['service']]
      : [`<port port="${port}" protocol="tcp"/>`, ['port', 'service']]
    now = insertXmlChild(now, zone, xml, names)
  }
  return now
}

function letsIn(text: ByteText, zone: XmlElement, port: number, service: readonly string[]): boolean {
  return zone.children.some((child) => {
    if (child.name === 'service')
      return xmlAttribute(text, child, 'name') === 'ssh' && service.some((range) => covers(range, port))
    return child.name === 'port' && covers(tcpPorts(text, child), port)
  })
}

/** Rich rules come before services and ports. */
function rejects(zone: XmlElement): boolean {
  return zone.children.some(
    ({ name, children }) => name === 'rule' && children.some((one) => /^(reject|drop)$/.test(one.name)),
  )
}

/** What the guest's service "ssh" stands for. */
function servicePorts(tree: GuestTree): string[] {
  const text = fileIn(tree, 'services/ssh.xml')
  const service = text === undefined ? undefined : rootOf(text, 'service')
  if (text === undefined || service === undefined) return ['22']
  return service.children.filter(({ name }) => name === 'port').map((port) => tcpPorts(text, port))
}

/** A file of firewalld's: the guest's own, or the one that came with it. */
function fileIn(tree: GuestTree, path: string): ByteText | undefined {
  return tree.entry(`${OWN}/${path}`) ? tree.text(`${OWN}/${path}`) : tree.text(`${VENDOR}/${path}`)
}

function rootOf(text: ByteText, name: string): XmlElement | undefined {
  return xmlElements(text)?.find((element) => element.name === name)
}

/** "22" or "8000-8100"; empty for another protocol. */
function tcpPorts(text: ByteText, element: XmlElement): string {
  const tcp = xmlAttribute(text, element, 'protocol')?.toLowerCase() === 'tcp'
  return (tcp ? xmlAttribute(text, element, 'port') : undefined) ?? ''
}

function covers(range: string, port: number): boolean {
  const [, low, high = low] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(range) ?? []
  return Number(low) <= port && port <= Number(high)
}
