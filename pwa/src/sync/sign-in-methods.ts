/** How one can sign in at this clinic. Nobody has to be signed in to ask. */
import type { DeviceId } from '@wardline/core/base/ids'
import { browserFetch, type Fetch, request } from './http.ts'

export interface SignInMethods {
  /** What the clinic's identity provider is called; null where there is none. */
  provider: string | null
}

/** Null when the server cannot be reached. Never rejects. */
export const signInMethods = async (send: Fetch = browserFetch): Promise<SignInMethods | null> => {
  const answer = await request(send, 'GET', '/api/auth/methods')
  if (answer.kind !== 'answer') return null
  const { oidc } = (answer.body ?? {}) as { oidc?: { label?: unknown } }
  return { provider: typeof oidc?.label === 'string' ? oidc.label : null }
}

/**
 * Where a person goes to sign in at the provider; they come back to the app from there.
 *
 * @param again the provider is to ask who it is, whoever is signed in there
 */
export const providerAddress = (device: DeviceId, deviceName: string, again: boolean): string =>
  `/api/auth/oidc/start?${new URLSearchParams({ device, deviceName, again: String(again) })}`
