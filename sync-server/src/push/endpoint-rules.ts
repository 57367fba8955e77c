/**
 * Where a browser may ask the server to send its notifications. The address comes from outside, so
 * that without rules anybody could have the server knock at its own network (SSRF).
 */
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Longest address, in characters; those of the known services have up to some 600. */
const MAX_ENDPOINT = 2048
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
/** Names that mean something in a local network only. */
const localName = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/

/**
 * Whether notifications may be sent there: https, and in production to the public internet only.
 * Elsewhere plain http is good enough for this very machine.
 */
export const mayPushTo = (endpoint: string, production: boolean): boolean => {
  if (endpoint.length > MAX_ENDPOINT || !URL.canParse(endpoint)) return false
  const { protocol, hostname, port, username, password, hash } = new URL(endpoint)
  if (username !== '' || password !== '' || hash !== '') return false
  if (!production && protocol === 'http:') return loopback.test(hostname)
  if (protocol !== 'https:') return false
  if (!production) return true
  if (port !== '') return false
  const name = hostname.replace(/\.$/, '')
  const address = name.startsWith('[') ? name.slice(1, -1) : name
  if (isIP(address) !== 0) return isPublicAddress(address)
  return name.includes('.') && !localName.test(name)
}

/** Addresses that are not on the public internet (IANA's registries of special purposes). */
const special = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, prefix, 'ipv4')
special.addSubnet('2001::', 23, 'ipv6')
special.addSubnet('2001:db8::', 32, 'ipv6')
special.addSubnet('2002::', 16, 'ipv6')
special.addSubnet('3fff::', 20, 'ipv6')
/** Of IPv6 only this part is given out. Addresses that wrap one of IPv4 lie elsewhere. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

export const isPublicAddress = (address: string): boolean => {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4')
    case 6:
      return global6.check(address, 'ipv6') && !special.check(address, 'ipv6')
    default:
      return false
  }
}

/** Finds public addresses only, for the very connection: a name may point elsewhere by then. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0)
    const open = found.filter(({ address }) => isPublicAddress(address))
    const [first] = open
    if (first === undefined) callback(new Error('no public address'), '', 0)
    else if (options.all === true) callback(null, open)
    else callback(null, first.address, first.family)
  })
}
