/**
 * The network that an address is of: what its user cannot choose. A whole IPv6 /64 belongs to one
 * subscriber, who may use any address in it; an IPv4 address may be a whole clinic's. However an
 * address is written, and as whatever an IPv4 address came in, its network is one.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [plain = ''] = address.split('%')
  const groups = groupsOf(plain)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

/** The eight groups of an IPv6 address; what is none gives some all the same. */
const groupsOf = (address: string): readonly number[] => {
  const [head = '', tail] = address.split('::')
  const [before, after] = [groupsIn(head), groupsIn(tail ?? '')]
  const zeros = Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<number>(tail === undefined ? 0 : zeros).fill(0), ...after]
}

const groupsIn = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => (group.includes('.') ? ofIPv4(group) : [hex(group)]))

/** The end of an IPv6 address may be written as an IPv4 address. */
const ofIPv4 = (text: string): number[] => {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

const hex = (text: string): number => Number.parseInt(text, 16) || 0
