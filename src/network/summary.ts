import type { NicAddressing } from './model.ts'

/** What a change of a NIC's configuration does, for the report: "address 192.168.8.12/24 on ens33". */
export function addressingSummary(name: string, { ipv4, ipv6, dns, search }: NicAddressing): string {
  const parts = [
    ...(ipv4?.method === 'dhcp' ? ['DHCP'] : []),
    ...(ipv4?.method === 'static' ? [`address ${ipv4.address}/${ipv4.prefix}`] : []),
    ...(ipv6 ? [`address ${ipv6.address}/${ipv6.prefix}`] : []),
    ...(!ipv4 && !ipv6 && dns ? [`name servers ${dns.join(', ')}`] : []),
    ...(!ipv4 && !ipv6 && !dns && search ? [`search domains ${search.join(' ')}`] : []),
  ]
  return `${parts.length === 0 ? 'MAC address' : parts.join(' and ')} on ${name}`
}
