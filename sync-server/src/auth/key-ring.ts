/** The keys of access tokens. The first signs, all verify: that is how a key is replaced. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

export interface SigningKey {
  /** Names the key in a token's header. Says nothing about the secret that it could be tested by. */
  readonly kid: string
  readonly key: KeyObject
}

export interface KeyRing {
  readonly current: SigningKey
  find(kid: string): SigningKey | undefined
}

/**
 * @param secrets the current one, then those whose tokens may still be alive: for as long as an
 *   access token lives after the change, the one before
 */
export const createKeyRing = (secrets: readonly [string, ...string[]]): KeyRing => {
  const [first, ...others] = secrets
  const current = signingKeyOf(first)
  const keys = [current, ...others.map(signingKeyOf)]
  return { current, find: (kid) => keys.find((key) => key.kid === kid) }
}

/** A key of its own for each purpose, so that nothing signed for one passes for another. */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`wardline ${purpose}`).digest()

const signingKeyOf = (secret: string): SigningKey => ({
  kid: deriveKey(secret, 'key id').toString('base64url').slice(0, 11),
  key: createSecretKey(deriveKey(secret, 'access token')),
})
