/**
 * Which pages may talk to the server: its own, and the one that the operator names. Browsers put
 * the page's origin on every request across origins, every POST and every WebSocket.
 */
import type { IncomingMessage } from 'node:http'
import { type Peer, peerOf } from './peer.ts'

export interface OriginPolicy {
  /** An origin besides the server's own. */
  readonly clientUrl: string | undefined
  readonly trustedProxies: number
}

/** `absent`: no browser page sent it, or a plain same-origin GET. */
export type OriginVerdict = 'own' | 'listed' | 'absent' | 'foreign'

/** Compares exactly: no wildcard, no suffix, and never `null`. */
export const judgeOrigin = (
  request: IncomingMessage,
  policy: OriginPolicy,
  peer: Peer = peerOf(request, policy.trustedProxies),
): OriginVerdict => {
  const { origin } = request.headers
  if (origin === undefined) return 'absent'
  if (origin === peer.ownOrigin) return 'own'
  return origin === policy.clientUrl ? 'listed' : 'foreign'
}

/**
 * Whether a request that acts through a cookie comes from a page that may. `SameSite=Strict`
 * keeps other sites out already; this also stops pages of other ports and subdomains.
 */
export const mayUseCookie = (request: IncomingMessage, verdict: OriginVerdict): boolean => {
  if (verdict !== 'absent') return verdict !== 'foreign'
  const site = request.headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}
