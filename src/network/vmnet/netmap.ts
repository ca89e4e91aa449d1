/** Reads netmap.conf: VMware's name of each network by its device, such as "vmnet8" → "NAT". Never fails. */
export function parseNetmap(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const devices = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const found = /^\s*network(\d{1,3})\.(name|device)\s*=\s*"?([^"]*?)"?\s*$/i.exec(line)
    if (!found) continue
    const [, number = '', key = '', value = ''] = found
    const table = key.toLowerCase() === 'name' ? names : devices
    table.set(number, value)
  }
  return new Map([...devices].map(([number, device]) => [device.toLowerCase(), names.get(number) ?? '']))
}
