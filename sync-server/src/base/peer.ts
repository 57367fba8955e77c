/** Who is at the other end of a request, seen through the reverse proxies that are trusted. */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export interface Peer {
  /** Network address of the client. */
  readonly address: string
  /** Whether the client speaks https, to this server or to a trusted proxy. */
  readonly secure: boolean
  /** The server's own origin as the client sees it; undefined without a usable Host. */
  readonly ownOrigin: string | undefined
}

/**
 * Each trusted proxy adds one address to X-Forwarded-For, from the right; what lies further left
 * is hearsay. A proxy must pass the Host header on.
 *
 * @param trustedProxies how many there are; with 0 no X-Forwarded header is believed
 */
export const peerOf = (request: IncomingMessage, trustedProxies: number): Peer => {
  const direct = plainAddress(request.socket.remoteAddress ?? '')
  const encrypted = 'encrypted' in request.socket && request.socket.encrypted === true
  const proto = nthFromRight(request.headers['x-forwarded-proto'], trustedProxies)
  const secure = proto === undefined ? encrypted : proto.toLowerCase() === 'https'
  const forwarded = plainAddress(
    nthFromRight(request.headers['x-forwarded-for'], trustedProxies) ?? '',
  )
  return {
    address: isIP(forwarded) === 0 ? direct : forwarded,
    secure,
    ownOrigin: originOf(secure, request.headers.host),
  }
}

const nthFromRight = (header: string | string[] | undefined, n: number): string | undefined => {
  if (header === undefined || n === 0) return undefined
  const values = String(header).split(',')
  return values[Math.max(0, values.length - n)]?.trim()
}

/** An IPv4 address that came in through an IPv6 socket is the same address. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '')

const originOf = (secure: boolean, host: string | undefined): string | undefined => {
  const text = `${secure ? 'https' : 'http'}://${host ?? ''}`
  return /^[a-z0-9.:[\]-]+$/i.test(host ?? '') && URL.canParse(text)
    ? new URL(text).origin
    : undefined
}
