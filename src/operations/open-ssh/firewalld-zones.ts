import type { ByteText } from '../../formats/bytes.ts'
import { xmlAttribute, xmlElements } from '../../formats/xml-elements.ts'
import type { GuestTree } from '../../guest/tree.ts'
import type { Profile } from '../../network/model.ts'
import type { Survey } from '../survey.ts'

const CONF = '/etc/firewalld/firewalld.conf'
const NAME = /^[\w-]+$/

/** The zones that the guest's interfaces are in: named by the profile, or by the zone, else the default one. */
export function zonesInUse({ tree, network }: Survey['guest']): string[] {
  const configured = /^[ \t]*DefaultZone[ \t]*=[ \t]*([^\s#]+)/m.exec(tree.text(CONF) ?? '')?.[1]
  const usual = configured !== undefined && NAME.test(configured) ? configured : 'public'
  const profiles = (network?.profiles ?? []).filter(({ shared }) => shared !== true)
  const zones = profiles.map((profile) => namedBy(tree, profile) ?? holding(tree, profile) ?? usual)
  return zones.length === 0 ? [usual] : [...new Set(zones)]
}

/** "zone=work" of a NetworkManager profile, "ZONE=work" of an ifcfg file. */
function namedBy(tree: GuestTree, { file }: Profile): string | undefined {
  const zone = /^[ \t]*(?:zone|ZONE)[ \t]*=[ \t]*["']?([\w-]+)["']?[ \t\r]*$/m.exec(
    tree.text(file) ?? '',
  )?.[1]
  return zone
}

function holding(tree: GuestTree, { interfaceName, ports = [] }: Profile): string | undefined {
  const names = [...(interfaceName === undefined ? [] : [interfaceName]), ...ports]
  const zone = tree
    .glob('/etc/firewalld/zones/*.xml')
    .find(({ path }) => interfacesOf(tree.text(path) ?? '').some((name) => names.includes(name)))
  const name = zone && /([^/]+)\.xml$/.exec(zone.path)?.[1]
  return name !== undefined && NAME.test(name) ? name : undefined
}

function interfacesOf(text: ByteText): string[] {
  const zone = xmlElements(text)?.find(({ name }) => name === 'zone')
  return (zone?.children ?? []).flatMap((child) =>
    child.name === 'interface' ? (xmlAttribute(text, child, 'name') ?? []) : [],
  )
}
