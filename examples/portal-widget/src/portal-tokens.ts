/** Tokens of the portal that the widget is in, for a portal that has users of its own. */

/** How long the portal may take, ms. */
const PATIENCE = 15_000

type PortalAnswer =
  | { readonly kind: 'portal-token'; readonly token: string }
  /** Nobody is signed in to the portal. */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable' }

/** Never rejects. */
export type PortalTokens = () => Promise<PortalAnswer>

/** @param address of the portal, where its page gets `{"token": "…"}` for whoever is signed in there */
export const portalTokens =
  (address: string): PortalTokens =>
  async () => {
    try {
      const response = await fetch(address, {
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
      })
      if (response.status === 401 || response.status === 403) return { kind: 'signed-out' }
      const { token } = (await response.json()) as { token?: unknown }
      if (!response.ok || typeof token !== 'string') return { kind: 'unreachable' }
      return { kind: 'portal-token', token }
    } catch {
      return { kind: 'unreachable' }
    }
  }
