/** A DHCP server's answer as dhcpcd keeps it, in byte text; options are [code, ...bytes]. */
export function dhcpLease(address: string, options: readonly (readonly number[])[], operation = 2): string {
  const bytes = (...values: number[]) => String.fromCharCode(...values)
  const head = bytes(operation, 1, 6, 0) + '\0'.repeat(12) + bytes(...address.split('.').map(Number))
  const encoded = options.map(([code = 0, ...value]) => bytes(code, value.length, ...value)).join('')
  return `${head.padEnd(236, '\0')}\x63\x82\x53\x63${encoded}\xff`
}
