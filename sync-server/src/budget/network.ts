/**
 * The network that an address is of: what its user cannot choose. A whole IPv6 /64 belongs to one
 * subscriber, who may use any address in it; an IPv4 address may be a whole clinic's.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail === undefined) return groups.slice(0, 4).join(':')
  while (groups.length < 4) groups.push('0')
  return groups.slice(0, 4).join(':')
}
