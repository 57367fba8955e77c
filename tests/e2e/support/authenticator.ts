/** Chromium's own authenticator: a phone that knows its person, without a finger. */
import type { Page } from '@playwright/test'

export interface Authenticator {
  /** How many passkeys it holds. */
  count(): Promise<number>
  /** Whether whoever is asked shows their finger. */
  verify(does: boolean): Promise<void>
}

/** Of this page, which has none otherwise. */
export const addAuthenticator = async (page: Page): Promise<Authenticator> => {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async count() {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.length
    },
    async verify(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}

/** Passkeys belong to a name, and a bare address is none. */
export const byName = (url: string): string => url.replace('127.0.0.1', 'localhost')
