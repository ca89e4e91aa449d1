/** What the `networking` file says of one VMnet; values as written. */
export interface NetworkingEntry {
  /** "vmnet8" */
  readonly name: string
  /** Keys without VNET_N_, such as HOSTONLY_SUBNET; later lines win. */
  readonly answers: ReadonlyMap<string, string>
  /** Addresses that the DHCP server keeps for MACs (lower case). */
  readonly reservations: readonly { readonly mac: string; readonly address: string }[]
}

interface Draft {
  readonly name: string
  readonly answers: Map<string, string>
  readonly reservations: Map<string, string>
}

/** Reads VMware's `networking` file; unknown lines are passed over. Never fails. */
export function parseNetworking(text: string): NetworkingEntry[] {
  const drafts = new Map<number, Draft>()
  const at = (number: string | undefined): Draft => {
    const n = Number(number)
    const draft = drafts.get(n) ?? { name: `vmnet${n}`, answers: new Map(), reservations: new Map() }
    drafts.set(n, draft)
    return draft
  }
  for (const line of text.split(/\r\n|\n|\r/)) {
    const words = line.trim().split(/\s+/)
    const [command, first = '', second = '', third = ''] = words
    const key = /^VNET_(\d{1,3})_(\w+)$/.exec(first)
    if (command === 'answer' && key) at(key[1]).answers.set(key[2] as string, words.slice(2).join(' '))
    else if (command === 'remove_answer' && key) at(key[1]).answers.delete(key[2] as string)
    if (!/^\d{1,3}$/.test(first)) continue
    if (command === 'add_dhcp_mac_to_ip') at(first).reservations.set(second.toLowerCase(), third)
    else if (command === 'remove_dhcp_mac_to_ip') at(first).reservations.delete(second.toLowerCase())
  }
  return [...drafts]
    .sort(([a], [b]) => a - b)
    .map(([, { name, answers, reservations }]) => ({
      name,
      answers,
      reservations: [...reservations].map(([mac, address]) => ({ mac, address })),
    }))
}
